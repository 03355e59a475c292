import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ADA, app, cells, connection, MOMENT, namespace, rollout, status } from "../../test/data";
import { visit } from "../../test/render";
import { graphError, Server } from "../../test/server";

const STARTING = app({
  status: status({ phase: "PROGRESSING", readyReplicas: 0, message: "Pods are starting." }),
  rollout: rollout({ complete: false, cells: cells("PENDING", "PENDING", "STARTING") }),
});

function openApp(workload: object | null, graph: object = { namespace: namespace() }) {
  const server = new Server({ workload, ...graph }).start();
  server.user = ADA;
  const user = visit("/namespaces/shop-x1/apps/engine");
  return { server, user };
}

test("the page follows a rollout from 0/3 to 3/3, and calls it deployed only then", async () => {
  const { server } = openApp(STARTING);
  expect((await screen.findByRole("status", { name: "Ready pods" })).textContent).toBe("0/3");
  expect(screen.getByText("Rolling out")).toBeDefined();

  await server.publish("deploymentUpdated", {
    kind: "CHANGE",
    workload: { ...STARTING, status: status({ phase: "PROGRESSING", readyReplicas: 2 }) },
  });
  expect(screen.getByRole("status", { name: "Ready pods" }).textContent).toBe("2/3");
  expect(screen.queryByText("Deployed")).toBeNull();

  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app() });
  expect(screen.getByRole("status", { name: "Ready pods" }).textContent).toBe("3/3");
  expect(screen.getByText("Deployed")).toBeDefined();
  expect(screen.getByRole("img", { name: "Pods of revision 1: 3 ready" })).toBeDefined();
});

test("an app that somebody deletes is said to be deleted", async () => {
  const { server } = openApp(app());
  await screen.findByText("Deployed");

  await server.publish("deploymentUpdated", { kind: "DELETED", workload: null });

  expect(await screen.findByText("engine was deleted.")).toBeDefined();
});

test.each(["SYNCED", "LAGGED"])("one that is deleted stays so, whatever %s says of the stream", async (kind) => {
  const { server } = openApp(app());
  await screen.findByText("Deployed");
  await server.publish("deploymentUpdated", { kind: "DELETED", workload: null });
  await screen.findByText("engine was deleted.");

  await server.publish("deploymentUpdated", { kind, workload: null, cursor: "nine", dropped: 0 });

  expect(screen.getByText("engine was deleted.")).toBeDefined();
});

test("a page whose connection comes back goes on from where it was told up to", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { server } = openApp(STARTING);
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: STARTING, cursor: "one" });

  server.sockets.latest.drop(1006);
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app(), cursor: "two" });

  const [subscription] = server.sockets.latest.subscriptions;
  expect(subscription?.payload.variables).toMatchObject({ name: "engine", after: "one" });
  expect(screen.getByText("Deployed")).toBeDefined();
});

test("after a reset the page shows the snapshot in place of what it had", async () => {
  const { server } = openApp(STARTING);
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: STARTING, cursor: "one" });

  await server.publish("deploymentUpdated", { kind: "RESET" });
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app(), cursor: "nine" });

  expect(screen.getByText("Deployed")).toBeDefined();
  expect(screen.getByRole("img", { name: "Pods of revision 1: 3 ready" })).toBeDefined();
});

test.each([[app()], [null]])("one that can be brought back leads to where it is: %#", async (workload) => {
  const deleted = { id: "Workload:1", name: "engine", kind: "WEB_SERVICE", deletedAt: MOMENT, restorableUntil: MOMENT };
  const { server } = openApp(workload, { namespace: namespace({ deletedWorkloads: connection([deleted]) }) });
  if (workload) {
    await screen.findByText("Deployed");
    await server.publish("deploymentUpdated", { kind: "DELETED", workload: null });
  }

  const link = await screen.findByRole("link", { name: "Recently deleted in Shop" });

  expect(link.getAttribute("href")).toBe("/namespaces/shop-x1");
  expect(screen.getByText(/^engine was deleted .* It can be brought back as it was/)).toBeDefined();
});

test("an app that is not there is said so", async () => {
  openApp(null);

  expect(await screen.findByText("There is no app engine here, or it is not yours.")).toBeDefined();
});

test("a page that cannot be read says why, and reads itself again when it is asked to", async () => {
  const server = new Server({
    workload: () => {
      throw graphError("UNAVAILABLE", "The database does not answer.");
    },
  }).start();
  server.user = ADA;
  const user = visit("/namespaces/shop-x1/apps/engine");
  expect((await screen.findByRole("alert")).textContent).toContain("The database does not answer.");

  server.graph["workload"] = app();
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("heading", { name: "engine" })).toBeDefined();
});

test("a stream that the server ended for a reason that passes goes on by itself, and says so meanwhile", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { server } = openApp(STARTING);
  await screen.findByText("Rolling out");

  await server.refuse("deploymentUpdated", "UNAVAILABLE");
  expect(await screen.findByText(/^Reconnecting/)).toBeDefined();
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app() });

  expect(screen.getByText("Deployed")).toBeDefined();
  expect(screen.queryByText(/^Reconnecting/)).toBeNull();
});

test("a namespace that somebody else leaves alone is said so at once", async () => {
  const { server } = openApp(app());
  await screen.findByText("Deployed");

  const paused = app({ namespace: namespace({ reconciliationPaused: true }) });
  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: paused });
  expect(await screen.findByText("Reconciliation is paused")).toBeDefined();

  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app() });
  expect(screen.queryByText("Reconciliation is paused")).toBeNull();
});

test("an app that was deleted while the page was cut off is said to be deleted", async () => {
  const { server } = openApp(app());
  await screen.findByText("Deployed");

  await server.refuse("deploymentUpdated", "NOT_FOUND");

  expect(await screen.findByText("engine was deleted.")).toBeDefined();
});

test("a connection closed for a session that was renewed in another tab comes back", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { server } = openApp(STARTING);
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: STARTING });

  server.sockets.latest.drop(4403);
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app() });

  expect(screen.getByText("Deployed")).toBeDefined();
});
