import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { ADA, app, connection, MOMENT, namespace, user as person, userError } from "../../test/data";
import { address, visit } from "../../test/render";
import { Server } from "../../test/server";

const DELETED = { id: "Workload:1", name: "engine", kind: "WEB_SERVICE", deletedAt: MOMENT, restorableUntil: MOMENT };

let server: Server;

beforeEach(() => {
  server = new Server({ namespace: namespace({ deletedWorkloads: connection([DELETED]) }), workload: app() }).start();
  server.user = ADA;
});

function entry(fields: object) {
  return {
    id: "TimelineEntry:1",
    at: MOMENT,
    app: "engine",
    workloadId: "Workload:1",
    revision: null,
    cause: null,
    sourceRevision: null,
    message: null,
    author: null,
    objects: [],
    ...fields,
  };
}

const replicas = { path: "spec.replicas", action: "UPDATE", before: "5", after: "2" };
const disk = { kind: "PersistentVolumeClaim", name: "data-old-0", action: "DELETE", changes: [] };
const deployment = { kind: "Deployment", name: "engine", action: "UPDATE", changes: [replicas] };

test.each([
  [
    { kind: "REVISION_APPLIED", revision: 3, cause: "DEPLOY", message: "More room", author: person() },
    "Ada deployed revision 3 of engine: More room",
  ],
  [
    { kind: "REVISION_APPLIED", revision: 5, cause: "ROLLBACK", sourceRevision: 2, author: person() },
    "Ada rolled engine back to revision 2, as revision 5",
  ],
  [{ kind: "DELETED", author: person() }, "Ada deleted engine"],
  [
    { kind: "VOLUME_DELETED", author: person(), objects: [{ ...disk, name: "data-engine-1" }] },
    "Ada deleted the left-over disk data-engine-1 of engine",
  ],
  [
    { kind: "VOLUME_DELETED", author: person(), app: null, workloadId: null, objects: [disk] },
    "Ada deleted the left-over disk data-old-0",
  ],
  [
    { kind: "REPAIRED", objects: [deployment] },
    "Repaired engine: somebody had changed Deployment engine: spec.replicas 5 → 2",
  ],
])("an entry of a timeline is one sentence: $0.kind", async (fields, sentence) => {
  server.graph["namespace"] = namespace({ timeline: connection([entry(fields)]) });

  visit("/namespaces/shop-x1?tab=timeline");

  expect((await screen.findByRole("listitem")).querySelector("p")?.textContent).toBe(sentence);
});

test("what happens to an app is in the timeline of its namespace at once", async () => {
  const visited = { timeline: connection([]), workloads: connection([app()]) };
  server.graph["namespace"] = namespace(visited);
  visit("/namespaces/shop-x1?tab=timeline");
  await screen.findByText("Nothing happened here in the last 90 days.");
  const timeline = connection([entry({ kind: "REVISION_APPLIED", revision: 2, cause: "RESTART", author: person() })]);
  server.graph["namespace"] = namespace({ ...visited, timeline });

  await server.publish("namespaceUpdated", { kind: "CHANGE", workloadId: "Workload:1", workload: app({ timeline }) });

  expect((await screen.findByRole("listitem")).textContent).toContain("Ada restarted engine");
});

test("what an app's update tells nothing new of is not asked for again", async () => {
  const timeline = connection([entry({ kind: "REVISION_APPLIED", revision: 1, cause: "DEPLOY" })]);
  server.graph["namespace"] = namespace({ timeline, workloads: connection([app()]) });
  visit("/namespaces/shop-x1?tab=timeline");
  await screen.findByRole("listitem");
  const asked = server.asked("NamespaceTimeline").length;

  await server.publish("namespaceUpdated", { kind: "CHANGE", workloadId: "Workload:1", workload: app({ timeline }) });

  expect(server.asked("NamespaceTimeline")).toHaveLength(asked);
});

test("a deleted app is brought back, and one is led to it", async () => {
  server.graph["restoreWorkload"] = { workload: app(), errors: [] };
  const user = visit("/namespaces/shop-x1");

  await user.click(await screen.findByRole("button", { name: "Restore engine" }));

  await waitFor(() => expect(address()).toBe("/namespaces/shop-x1/apps/engine"));
});

test("an app whose name is taken stays deleted, and its row says why", async () => {
  server.graph["restoreWorkload"] = { workload: null, errors: [userError("NameTakenError", "Another is named so.")] };
  const user = visit("/namespaces/shop-x1");

  await user.click(await screen.findByRole("button", { name: "Restore engine" }));

  const row = within(screen.getByRole("listitem", { name: "engine" }));
  expect((await row.findByRole("alert")).textContent).toContain("Another is named so.");
});

test("a paused namespace says so, until it is resumed", async () => {
  server.graph["namespace"] = namespace({ reconciliationPaused: true });
  server.graph["updateNamespace"] = { namespace: namespace(), errors: [] };
  const user = visit("/namespaces/shop-x1");

  await user.click(await screen.findByRole("button", { name: "Resume" }));

  await waitFor(() => expect(screen.queryByText("Reconciliation is paused")).toBeNull());
});
