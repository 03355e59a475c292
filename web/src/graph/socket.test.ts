import { CloseCode } from "graphql-ws";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { SocketServer } from "../test/socket";
import { ConnectionMonitor } from "./connection";
import { createSocket, retryDelay } from "./socket";

let server: SocketServer;
let monitor: ConnectionMonitor;
let signedOut: number;

beforeEach(() => {
  vi.useFakeTimers();
  server = new SocketServer().start();
  monitor = new ConnectionMonitor();
  signedOut = 0;
});

/** Subscribes to something, and gives what ended it. */
async function watch() {
  const ends: unknown[] = [];
  const sink = { next: () => undefined, error: (error: unknown) => ends.push(error), complete: () => ends.push("done") };
  const socket = createSocket({ url: "ws://moorage.example/graphql", monitor, onSignedOut: () => (signedOut += 1) });
  const stop = socket.subscribe({ query: "subscription { namespaceUpdated }" }, sink);
  await pass(0);
  return { ends, stop };
}

/** Lets time pass, and all that was to happen in it happen. */
async function pass(milliseconds: number) {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

const LONGEST_RETRY_MS = 8_000;

test("it opens with the first subscription, and is live then", async () => {
  expect(server.sockets).toHaveLength(0);

  await watch();

  expect(server.sockets).toHaveLength(1);
  expect(monitor.state).toBe("live");
});

test("it closes after the last subscription, and waits for nothing then", async () => {
  const { stop } = await watch();

  stop();
  await pass(0);

  expect(server.latest.readyState).toBe(WebSocket.CLOSED);
  expect(monitor.state).toBe("idle");
});

test("a connection that is lost is said to be, and made again with what was subscribed to", async () => {
  const { ends } = await watch();
  const [before] = server.latest.subscriptions;

  server.latest.drop(1006);
  await pass(0);
  expect(monitor.state).toBe("reconnecting");
  await pass(LONGEST_RETRY_MS);

  expect(server.sockets).toHaveLength(2);
  expect(monitor.state).toBe("live");
  expect(server.latest.subscriptions.map(({ payload }) => payload)).toEqual([before?.payload]);
  expect(ends).toEqual([]);
});

test.each([
  [1001, "is going away"],
  [1006, "was cut off"],
  [1011, "failed, or missed our answers to its pings"],
  [1012, "starts anew"],
  [4429, "has too much to do"],
  [4500, "failed"],
])("after %d, from a server that %s, it is live again", async (code) => {
  const { ends } = await watch();

  server.latest.drop(code);
  await pass(LONGEST_RETRY_MS);

  expect(monitor.state).toBe("live");
  expect(server.latest.subscriptions).toHaveLength(1);
  expect(ends).toEqual([]);
});

test("it tries again and again while the server is away", async () => {
  await watch();
  server.isUp = false;
  server.latest.drop(1006);

  await pass(20 * LONGEST_RETRY_MS);
  expect(monitor.state).toBe("reconnecting");
  server.isUp = true;
  await pass(LONGEST_RETRY_MS);

  expect(monitor.state).toBe("live");
  expect(server.sockets.length).toBeGreaterThan(20);
});

test("a connection that died without a word is closed when no pong comes, and made again", async () => {
  await watch();
  server.answersPings = false;
  const [dead] = server.sockets;

  await pass(10_000 + 4_999);
  expect(dead?.readyState).toBe(WebSocket.OPEN);
  await pass(1);
  expect(dead?.readyState).toBe(WebSocket.CLOSED);
  await pass(LONGEST_RETRY_MS);

  expect(server.sockets).toHaveLength(2);
  expect(monitor.state).toBe("live");
});

test("a connection whose pings are answered stays", async () => {
  await watch();

  await pass(120_000);

  expect(server.sockets).toHaveLength(1);
  expect(monitor.state).toBe("live");
});

test.each([CloseCode.Unauthorized, CloseCode.Forbidden])("closed with %d, the session is over: it is not tried again", async (code) => {
  const { ends } = await watch();

  server.latest.drop(code);
  await pass(10 * LONGEST_RETRY_MS);

  expect(signedOut).toBe(1);
  expect(server.sockets).toHaveLength(1);
  expect(monitor.state).toBe("idle");
  expect(ends).toHaveLength(1);
});

test("a connection that is lost ends no session", async () => {
  await watch();

  server.latest.drop(1006);
  await pass(LONGEST_RETRY_MS);

  expect(signedOut).toBe(0);
});

describe("the wait before a retry", () => {
  test("doubles from half a second up to eight", () => {
    expect([0, 1, 2, 3, 4, 5, 60].map((retries) => retryDelay(retries, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ]);
  });

  test("is shortened by chance, by half at most", () => {
    expect([0, 0.5, 1].map((random) => retryDelay(10, random))).toEqual([4_000, 6_000, 8_000]);
  });
});
