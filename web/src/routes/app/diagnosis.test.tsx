import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ADA, app, namespace, plan, rollout, spec, status, workloadForm } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";
import { fixOf, fixState } from "./fix";

const EVIDENCE = {
  __typename: "Evidence",
  source: "CONTAINER",
  kind: "Pod",
  name: "engine-1",
  reason: "CrashLoopBackOff",
  message: "back-off 40s restarting failed container",
  at: null,
};
const FIX = { __typename: "SuggestedFix", label: "Give it size M", path: ["workload", "size"], value: '"M"' };

function diagnosis(__typename: string, fields: object = {}) {
  return { __typename, message: "What is wrong.", pods: ["engine-1"], evidence: [EVIDENCE], fix: null, rollbackRevision: null, ...fields };
}

function openApp(diagnosis: object | null, message = "What is wrong. Revision 1 still serves.") {
  const failed = status({ phase: "FAILED", readyReplicas: 0, message });
  const workload = app({ status: failed, rollout: rollout({ complete: false }), diagnosis });
  const forms = { workloadForm: workloadForm(), namespace: namespace(), planWorkload: { plan: plan(), errors: [] } };
  const server = new Server({ workload, ...forms }).start();
  server.user = ADA;
  return { server, user: visit("/namespaces/shop-x1/apps/engine") };
}

test("an app that crashes shows the last lines of the run that ended, and what that was concluded from", async () => {
  openApp(diagnosis("CrashLoop", { restarts: 3, lastLines: ["connecting", "ConnectionRefusedError"] }));

  const panel = await screen.findByRole("region", { name: "Why it isn't up: The app ends again and again" });
  const log = within(panel).getByLabelText("Last lines of the run that ended", { selector: "pre" });

  expect(log.textContent).toBe("connecting\nConnectionRefusedError");
  expect(within(panel).getByText("back-off 40s restarting failed container", { exact: false })).toBeDefined();
});

test.each([
  [3, "?tab=logs&run=previous&pod=engine-1"],
  [0, "?tab=logs&pod=engine-1"],
])("the last lines of an app that was started %d times again lead to the log of that run", async (restarts, search) => {
  openApp(diagnosis("CrashLoop", { restarts, lastLines: ["connecting"] }));

  const link = await screen.findByRole("link", { name: "More of its log" });

  expect(link.getAttribute("href")).toBe(`/namespaces/shop-x1/apps/engine${search}`);
});

test("what the status says already is not said again", async () => {
  openApp(diagnosis("Unschedulable"));

  const panel = await screen.findByRole("region", { name: /No node takes the pods/ });

  expect(within(panel).queryByText("What is wrong.")).toBeNull();
});

test("a step says nothing that stands above it", async () => {
  const { server } = openApp(null);
  const steps = [{ name: "started", title: "Containers started", state: "FAILED", message: "What is wrong." }];
  const failing = status({ phase: "FAILED", message: "What is wrong. Revision 1 still serves." });
  await screen.findByRole("region", { name: "Rollout" });

  const workload = app({ status: failing, rollout: rollout({ complete: false, steps }) });
  await server.publish("deploymentUpdated", { kind: "CHANGE", workload });

  expect(screen.getAllByText("What is wrong.", { exact: false })).toHaveLength(1);
});

test("what the status does not say is said", async () => {
  openApp(diagnosis("PortMismatch"), "0 of 1 pod is ready.");

  const panel = await screen.findByRole("region", { name: /Nothing listens/ });

  expect(within(panel).getByText("What is wrong.")).toBeDefined();
});

test("a rollout that fails while an earlier revision serves leads to the plan of going back to that", async () => {
  const { server, user } = openApp(diagnosis("CrashLoop", { restarts: 3, lastLines: [], rollbackRevision: 2 }));
  const back = plan({ id: "Plan:7", action: "UPDATE", baseRevision: 3, sourceRevision: 2 });
  server.graph["planRollback"] = { plan: back, errors: [] };

  await user.click(await screen.findByRole("button", { name: "Roll back to 2" }));

  expect(await screen.findByRole("dialog", { name: "Roll engine back to revision 2?" })).toBeDefined();
  expect(server.asked("PlanRollback")).toEqual([{ input: { namespace: "shop-x1", name: "engine", revision: 2 } }]);
});

test("a log that cannot be read is no empty log", async () => {
  openApp(diagnosis("OutOfMemory", { lastLines: null }));

  expect(await screen.findByText("The log of the run that ended cannot be read.")).toBeDefined();
});

test("why an image cannot be pulled is said in words", async () => {
  openApp(diagnosis("ImagePullFailure", { cause: "UNAUTHORIZED" }));

  expect(await screen.findByText("Its registry does not let the cluster in.")).toBeDefined();
});

test("an app that is up has no such panel", async () => {
  openApp(null);
  await screen.findByRole("region", { name: "Rollout" });

  expect(screen.queryByRole("region", { name: /Why it isn't up/ })).toBeNull();
});

test("a diagnosis that comes by the stream is shown", async () => {
  const { server } = openApp(null);
  await screen.findByRole("region", { name: "Rollout" });

  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app({ diagnosis: diagnosis("Unschedulable") }) });

  expect(screen.getByRole("region", { name: /No node takes the pods/ })).toBeDefined();
});

test("a fix opens the form of the app with itself put in, and planned", async () => {
  const { server, user } = openApp(diagnosis("OutOfMemory", { lastLines: [], fix: FIX }));

  await user.click(await screen.findByRole("link", { name: "Give it size M" }));

  expect(await screen.findByRole("radio", { name: /^M/, checked: true })).toBeDefined();
  await vi.waitFor(() => expect(server.asked("PlanWorkload")).toHaveLength(1));
  expect(server.asked("PlanWorkload")[0]).toMatchObject({ input: { workload: { size: "M" } } });
});

test.each([null, undefined, "fix", {}, { fix: null }, { fix: { path: "x", value: "1" } }, { fix: { path: [1], value: "1" } }])(
  "a navigation that brings something else brings no fix: %j",
  (state) => {
    expect(fixOf(state)).toBeNull();
  },
);

test("a fix survives the navigation as it is", () => {
  expect(fixOf(fixState(FIX))).toEqual({ path: ["workload", "size"], value: '"M"' });
});

test("a job that failed at its only attempt does not end again and again", async () => {
  openApp(diagnosis("CrashLoop", { restarts: 0, lastLines: [] }));

  expect(await screen.findByRole("region", { name: "Why it isn't up: The app ended with an error" })).toBeDefined();
});

test("an image that its registry does not give leads to the form, open at the registry's credentials", async () => {
  const { user } = openApp(
    diagnosis("ImagePullFailure", { cause: "UNAUTHORIZED", message: "Give the app registry credentials." }),
  );

  await user.click(await screen.findByRole("link", { name: "Give it registry credentials" }));

  const registry = within(await screen.findByRole("group", { name: "Private registry" }));
  await vi.waitFor(() => expect(document.activeElement).toBe(registry.getByRole("textbox", { name: "User" })));
  expect(registry.getByRole("textbox", { name: "Registry" })).toHaveProperty("value", "ghcr.io");
});

test("credentials that an app has are left as they are where the form is opened at them", async () => {
  const credentials = { server: "registry.example", username: "ada" };
  const refused = diagnosis("ImagePullFailure", { cause: "UNAUTHORIZED" });
  const { server, user } = openApp(refused);
  server.graph["workload"] = app({ spec: spec({ registryCredentials: credentials }), diagnosis: refused });

  await user.click(await screen.findByRole("link", { name: "Give it registry credentials" }));

  const registry = within(await screen.findByRole("group", { name: "Private registry" }));
  await vi.waitFor(() => expect(document.activeElement).toBe(registry.getByRole("textbox", { name: "User" })));
  expect(registry.getByRole("textbox", { name: "Registry" })).toHaveProperty("value", "registry.example");
  expect(registry.getByText("keeps its value")).toBeDefined();
});
