import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ADA, app, namespace, user } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

function openApp(cluster: object) {
  const server = new Server({ cluster, workload: app(), namespace: namespace() }).start();
  server.user = ADA;
  visit("/namespaces/shop-x1/apps/engine");
  return server;
}

const LIVE = { isDemo: false, reachable: true, message: null };

test("a demo cluster is said to be one", async () => {
  openApp({ ...LIVE, isDemo: true });

  expect(await screen.findByText(/^Demo cluster/)).toBeDefined();
});

test("a cluster that does not answer is said on every page, with what is known of it", async () => {
  openApp({ ...LIVE, reachable: false, message: "The cluster has a problem of its own." });

  expect(await screen.findByText("What you see may be old. The cluster has a problem of its own.")).toBeDefined();
});

test("a lost connection is said for as long as it is lost", async () => {
  const server = openApp(LIVE);
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app() });
  expect(screen.queryByText(/^Reconnecting/)).toBeNull();

  server.sockets.latest.drop(1006);
  expect(await screen.findByText(/^Reconnecting/)).toBeDefined();
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app() });

  expect(screen.queryByText(/^Reconnecting/)).toBeNull();
});

test("a cluster that falls silent later is said to be, and said no more once it answers", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const server = openApp(LIVE);
  await screen.findByText("Deployed");

  server.graph["cluster"] = { isDemo: false, reachable: false, message: "The cluster does not answer." };
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(await screen.findByText(/^What you see may be old/)).toBeDefined();
  server.graph["cluster"] = LIVE;
  await act(() => vi.advanceTimersByTimeAsync(10_000));

  expect(screen.queryByText(/^What you see may be old/)).toBeNull();
});

test("a server that falls silent is said to be, where nothing is subscribed to", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const server = new Server({ cluster: LIVE, viewer: user() }).start();
  server.user = ADA;
  visit("/account");
  await screen.findByRole("heading", { name: "Account" });

  server.isReachable = false;
  await act(() => vi.advanceTimersByTimeAsync(10_000));

  expect(await screen.findByText("The server does not answer, so what you see may be old.")).toBeDefined();
});
