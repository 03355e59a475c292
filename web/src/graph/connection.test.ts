import { expect, test } from "vitest";

import { ConnectionMonitor } from "./connection";

test("listeners hear of each change, and of nothing else", () => {
  const monitor = new ConnectionMonitor();
  const heard: string[] = [];
  const leave = monitor.subscribe(() => heard.push(monitor.state));

  monitor.connected();
  monitor.connected();
  monitor.closed({ expected: false });
  monitor.connected();
  monitor.closed({ expected: true });
  leave();
  monitor.connected();

  expect(heard).toEqual(["live", "reconnecting", "live", "idle"]);
});

test("it is reconnecting for as long as any subscription is interrupted", () => {
  const monitor = new ConnectionMonitor();
  monitor.connected();

  const [first, second] = [monitor.interrupted(), monitor.interrupted()];
  first();
  first();
  expect(monitor.state).toBe("reconnecting");
  second();

  expect(monitor.state).toBe("live");
});

test("while nobody is signed in nothing is reconnecting", () => {
  const monitor = new ConnectionMonitor();
  monitor.connected();
  monitor.interrupted();

  monitor.signedIn(false);
  expect(monitor.state).toBe("idle");
  monitor.signedIn(true);

  expect(monitor.state).toBe("reconnecting");
});

test("what waits for somebody to be signed in begins then, once, and not where it was called off", () => {
  const monitor = new ConnectionMonitor();
  const begun: string[] = [];
  monitor.signedIn(false);
  monitor.whenSignedIn(() => begun.push("first"));
  monitor.whenSignedIn(() => begun.push("called off"))();
  expect(begun).toEqual([]);

  monitor.signedIn(true);
  monitor.signedIn(true);
  monitor.whenSignedIn(() => begun.push("second"));

  expect(begun).toEqual(["first", "second"]);
});
