import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { ADA, app, connection, metrics, MOMENT, pod, revision, status, volumeClaim } from "../../test/data";
import { address, visit } from "../../test/render";
import { Server } from "../../test/server";

let server: Server;

beforeEach(() => {
  server = new Server({ workload: app() }).start();
  server.user = ADA;
});

test("a tab is a link, and its address opens it", async () => {
  const user = visit("/namespaces/shop-x1/apps/engine");

  await user.click(await screen.findByRole("link", { name: "Manifest" }));

  expect(await screen.findByLabelText("Deployment as YAML")).toBeDefined();
  expect(screen.getByRole("link", { name: "Manifest" }).getAttribute("aria-current")).toBe("page");
  expect(address()).toBe("/namespaces/shop-x1/apps/engine?tab=manifest");
});

test("a tab that there is not opens the overview", async () => {
  visit("/namespaces/shop-x1/apps/engine?tab=nonsense");

  const overview = await screen.findByRole("link", { name: "Overview" });
  expect(overview.getAttribute("aria-current")).toBe("page");
});

test("the pods are listed with what keeps them from being ready, and follow their stream", async () => {
  const failing = pod({ state: "FAILED", restarts: 4, reason: "CrashLoopBackOff", message: "It exits with 1." });
  server.graph["workload"] = app({ pods: connection([failing]) });
  visit("/namespaces/shop-x1/apps/engine?tab=pods");
  const table = within(await screen.findByRole("table", { name: "Pods" }));
  expect(table.getByRole("cell", { name: "failing: It exits with 1." })).toBeDefined();

  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app({ pods: connection([pod()]) }) });

  expect(await table.findByRole("cell", { name: "ready" })).toBeDefined();
});

test("a pod leads to its logs", async () => {
  server.graph["workload"] = app({ pods: connection([pod()]) });
  const user = visit("/namespaces/shop-x1/apps/engine?tab=pods");

  await user.click(await screen.findByRole("link", { name: "engine-1" }));

  expect(await screen.findByRole("log")).toBeDefined();
  expect(address()).toBe("/namespaces/shop-x1/apps/engine?tab=logs&pod=engine-1");
});

test("an app without pods says so", async () => {
  visit("/namespaces/shop-x1/apps/engine?tab=pods");

  expect(await screen.findByText(/^No pod is there/)).toBeDefined();
});

test("events say how often, of what, and warnings are called so", async () => {
  const event = {
    id: "Event:1",
    type: "WARNING",
    reason: "BackOff",
    message: "Back-off pulling image.",
    count: 3,
    firstSeen: MOMENT,
    lastSeen: new Date().toISOString(),
    regarding: { kind: "Pod", name: "engine-1" },
  };
  server.graph["workload"] = app({ events: connection([event]) });

  visit("/namespaces/shop-x1/apps/engine?tab=events");

  const item = await screen.findByRole("listitem");
  expect(item.textContent).toBe("Warning: BackOffPod/engine-13 times, just nowBack-off pulling image.");
});

test("a revision says why, by whom and what it changed", async () => {
  const changes = [{ path: "replicas", action: "UPDATE", before: "1", after: "3" }];
  server.graph["workload"] = app({ revisions: connection([revision({ isCurrent: true, message: "More room", changes })]) });

  visit("/namespaces/shop-x1/apps/engine?tab=revisions");

  const item = await screen.findByRole("listitem", { name: "Revision 1" });
  expect(item.textContent).toMatch(/^Revision 1currentdeploy by Ada, .*More roomreplicas1→3$/);
});

test("the metrics name their source, and are asked for the range that is chosen", async () => {
  const user = visit("/namespaces/shop-x1/apps/engine?tab=metrics");
  expect(await screen.findByRole("heading", { name: "Metrics of all pods, from Prometheus" })).toBeDefined();
  server.graph["workload"] = app({ metrics: metrics({ source: "METRICS_API" }) });

  await user.click(screen.getByRole("radio", { name: "6h" }));

  expect(await screen.findByRole("heading", { name: "Metrics of all pods, from metrics.k8s.io" })).toBeDefined();
  expect(server.asked("AppMetrics").map(({ range }) => range)).toEqual(["1h", "6h"]);
  expect(address()).toContain("range=6h");
});

test("the conditions are shown as Kubernetes writes them", async () => {
  const condition = {
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: "The deadline passed.",
    lastTransition: MOMENT,
  };
  server.graph["workload"] = app({ status: status({ conditions: [condition] }) });

  visit("/namespaces/shop-x1/apps/engine");

  const table = within(await screen.findByRole("table", { name: "Conditions" }));
  expect(table.getByRole("cell", { name: "ProgressDeadlineExceeded The deadline passed." })).toBeDefined();
});

test("variables are shown with their values, secrets by name alone", async () => {
  visit("/namespaces/shop-x1/apps/engine");

  expect(await screen.findByText("LOG_LEVEL=info")).toBeDefined();
  expect(screen.getByText("DATABASE_PASSWORD").textContent).toBe("DATABASE_PASSWORD");
});

test("the app is downloaded as files of one's own", async () => {
  const saved: [string, Blob][] = [];
  const blobs: Blob[] = [];
  class BlobURL extends URL {
    static override createObjectURL = (blob: Blob) => `blob:${blobs.push(blob)}`;
    static override revokeObjectURL = () => undefined;
  }
  vi.stubGlobal("URL", BlobURL);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const blob = blobs.at(-1);
    if (blob) saved.push([this.download, blob]);
  });
  const user = visit("/namespaces/shop-x1/apps/engine?tab=manifest");

  const base = await screen.findByRole("region", { name: "Kustomize base" });
  await user.click(within(base).getByRole("button", { name: "Download kustomization.yaml" }));

  expect(saved.map(([name]) => name)).toEqual(["kustomization.yaml"]);
  expect(await saved[0]?.[1].text()).toBe("kind: Kustomization\n");
});

test("the disks of an app are shown as they are in the cluster", async () => {
  const claims = [volumeClaim(), volumeClaim({ id: "VolumeClaim:2", name: "data-engine-1", phase: "PENDING", capacity: null })];
  server.graph["workload"] = app({ volumeClaims: connection(claims) });

  visit("/namespaces/shop-x1/apps/engine");

  const table = within(await screen.findByRole("table", { name: "Volumes" }));
  expect(table.getByRole("row", { name: "data-engine-0 Bound 10 GiB standard" })).toBeDefined();
  expect(table.getByRole("row", { name: "data-engine-1 Waiting for a disk standard" })).toBeDefined();
});

test("an export says what of the exposure is this installation's own", async () => {
  const note = "The Ingress web-public exposes the app by what this installation has.";
  const file = { path: "engine.yaml", content: "kind: Service\n", notes: [note] };
  server.graph["workload"] = app({ export: () => [file] });

  visit("/namespaces/shop-x1/apps/engine?tab=manifest");

  const notes = await screen.findByRole("list", { name: "What the export needs" });
  expect(notes.textContent).toBe(note);
});
