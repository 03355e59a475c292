import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { ADA, app, connection, MIB, plan, revision, spec, status, user, userError } from "../../../test/data";
import { visit } from "../../../test/render";
import { graphError, Server } from "../../../test/server";

const CURRENT = revision({ id: "Revision:2", number: 2, cause: "SCALE", isCurrent: true });
const BEFORE = revision();

let server: Server;

beforeEach(() => {
  server = new Server({ workload: app({ revisions: connection([CURRENT, BEFORE]) }) }).start();
  server.user = ADA;
});

describe("rolling back", () => {
  async function openRollback() {
    const user = visit("/namespaces/shop-x1/apps/engine?tab=revisions");
    await user.click(await screen.findByRole("button", { name: "Roll back to 1" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Roll engine back to revision 1?" }));
    return { user, dialog };
  }

  async function openPlanned() {
    const opened = await openRollback();
    await opened.dialog.findByText("The plan is ready.");
    return opened;
  }

  function planned(fields: Record<string, unknown> = {}) {
    server.graph["planRollback"] = {
      plan: plan({ id: "Plan:7", action: "UPDATE", baseRevision: 2, sourceRevision: 1, ...fields }),
      errors: [],
    };
  }

  const change = (path: string, before: unknown, after: unknown) => ({
    path,
    action: "UPDATE",
    before: before == null ? null : JSON.stringify(before),
    after: after == null ? null : JSON.stringify(after),
  });

  beforeEach(() => {
    planned({ changes: [change("image", "ghcr.io/ada/engine:1", "ghcr.io/ada/engine:0")] });
  });

  test("everything that the server says will return is shown first, and nothing is done", async () => {
    planned({
      changes: [
        change("image", "ghcr.io/ada/engine:1", "ghcr.io/ada/engine:0"),
        change("replicas", 3, 1),
        change("environment[OLD]", null, "1"),
        change("exposure", "NONE", "PUBLIC"),
      ],
    });

    const { dialog } = await openPlanned();

    expect(dialog.getAllByRole("listitem").map((each) => each.textContent)).toEqual([
      "imageghcr.io/ada/engine:1→ghcr.io/ada/engine:0",
      "replicas3→1",
      "environment[OLD]1",
      "exposureNONE→PUBLIC",
    ]);
    expect(dialog.getByText("A new revision changes this of revision 2, which is current:")).toBeDefined();
    expect(dialog.queryByText(/^Secrets get the values/)).toBeNull();
    expect(server.asked("PlanRollback")).toEqual([{ input: { namespace: "shop-x1", name: "engine", revision: 1 } }]);
    expect(server.asked("DeployRollback")).toEqual([]);
  });

  test.each(["secrets[TOKEN]", "secretFiles[/etc/key]", "registryCredentials.password"])(
    "where only %s differs in its value, that is told by name",
    async (path) => {
      planned({ changes: [change(path, "(redacted)", "(redacted)")] });

      const { dialog } = await openPlanned();

      expect(dialog.getByRole("listitem").textContent).toBe(`${path}(redacted)→(redacted)`);
      expect(dialog.getByText(/^Secrets get the values that they had then/)).toBeDefined();
    },
  );

  test("where nothing differs, that is said", async () => {
    planned({ action: "UNCHANGED" });

    const { dialog } = await openPlanned();

    expect(dialog.getByText("Nothing of its description differs from revision 2, which is current.")).toBeDefined();
  });

  const memory = { resource: "limits.memory", unit: "BYTES", used: 0, after: 512 * MIB, most: 512 * MIB, hard: 1024 * MIB };

  test("a quota that would be short is shown", async () => {
    planned({ quota: [{ ...memory, peak: 1280 * MIB, fits: false }] });

    const { dialog } = await openPlanned();

    expect(dialog.getByText("1.25 GiB at the rollout's peak, which does not fit")).toBeDefined();
  });

  test("a quota that has room takes none in the dialog", async () => {
    planned({ quota: [{ ...memory, peak: 512 * MIB, fits: true }] });

    const { dialog } = await openPlanned();

    expect(dialog.queryByRole("list", { name: "Quota after this deploy" })).toBeNull();
  });

  test("what the cluster's policy says of it is shown", async () => {
    planned({ findings: [{ severity: "WARNING", message: "It starts as root.", path: ["revision"], fix: null }] });

    const { dialog } = await openPlanned();

    expect(dialog.getByRole("note").textContent).toBe("Worth a look before you roll backIt starts as root.");
  });

  test("that very plan is deployed, and the dialog closes", async () => {
    server.graph["deployWorkload"] = { workload: app({ revisions: connection([CURRENT, BEFORE]) }), errors: [] };
    const { user, dialog } = await openPlanned();

    await user.click(dialog.getByRole("button", { name: "Roll back" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.asked("DeployRollback")).toEqual([{ input: { planId: "Plan:7" } }]);
  });

  test("a revision that cannot be had again is refused in the dialog, which plans again", async () => {
    const refused = userError("QuotaExceededError", "The quota is spent.", { path: ["revision"] });
    server.graph["planRollback"] = { plan: null, errors: [refused] };
    const { user, dialog } = await openRollback();
    expect((await dialog.findByRole("alert")).textContent).toBe("It cannot be rolled back as it isThe quota is spent.");
    expect(dialog.queryByRole("button", { name: "Roll back" })).toBeNull();
    planned({ id: "Plan:8" });

    await user.click(dialog.getByRole("button", { name: "Plan again" }));

    expect(await dialog.findByRole("button", { name: "Roll back" })).toBeDefined();
    expect(dialog.queryByRole("alert")).toBeNull();
  });

  test("a teammate's revision in between is told field by field, and what is planned anew is deployed", async () => {
    const moved = { kind: "Workload", name: "engine", path: "image", planned: '"a:1"', live: '"a:3"', base: '"a:2"' };
    const conflict = userError("PlanConflictError", "Revision 3 of engine was deployed since.", {
      path: ["planId"],
      changes: ["image"],
      conflicts: [{ ...moved, manager: null }],
      revision: 3,
      author: user(),
    });
    server.graph["deployWorkload"] = { workload: null, errors: [conflict] };
    const { user: clicks, dialog } = await openPlanned();
    await clicks.click(dialog.getByRole("button", { name: "Roll back" }));
    const alert = within(await dialog.findByRole("alert"));
    expect(alert.getByText("Revision 3 of engine was deployed since.")).toBeDefined();
    expect(alert.getByText("a:3")).toBeDefined();
    planned({ id: "Plan:8", baseRevision: 3, changes: [change("image", "a:3", "a:1")] });
    server.graph["deployWorkload"] = { workload: app(), errors: [] };

    await clicks.click(dialog.getByRole("button", { name: "Plan again" }));
    expect(await dialog.findByText("A new revision changes this of revision 3, which is current:")).toBeDefined();
    expect(dialog.queryByRole("alert")).toBeNull();
    await clicks.click(dialog.getByRole("button", { name: "Roll back" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.asked("DeployRollback")).toEqual([{ input: { planId: "Plan:7" } }, { input: { planId: "Plan:8" } }]);
  });

  test("a server that does not answer is told, and asked again", async () => {
    server.graph["planRollback"] = () => {
      throw graphError("UNAVAILABLE", "The cluster does not answer.");
    };
    const { user, dialog } = await openRollback();
    expect((await dialog.findByRole("alert")).textContent).toContain("The cluster does not answer.");
    planned();

    await user.click(dialog.getByRole("button", { name: "Plan again" }));

    expect(await dialog.findByText("The plan is ready.")).toBeDefined();
  });

  test("a rollback names the revision that it went back to", async () => {
    const back = revision({ id: "Revision:3", number: 3, cause: "ROLLBACK", sourceRevision: 1, isCurrent: true });
    server.graph["workload"] = app({ revisions: connection([back, { ...CURRENT, isCurrent: false }, BEFORE]) });
    visit("/namespaces/shop-x1/apps/engine?tab=revisions");

    const shown = await screen.findByRole("listitem", { name: "Revision 3" });

    expect(shown.textContent).toContain("rollback to 1 by");
  });

  test("there is no way back to the current revision, nor to one that the cluster refused", async () => {
    const refused = revision({ id: "Revision:3", number: 3, state: "FAILED" });
    server.graph["workload"] = app({ revisions: connection([refused, CURRENT, BEFORE]) });
    visit("/namespaces/shop-x1/apps/engine?tab=revisions");

    const buttons = await screen.findAllByRole("button", { name: /^Roll back/ });

    expect(buttons.map((each) => each.textContent)).toEqual(["Roll back to 1"]);
  });
});

describe("scaling", () => {
  async function openScale() {
    const user = visit("/namespaces/shop-x1/apps/engine");
    await user.click(await screen.findByRole("button", { name: "Scale" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Scale engine" }));
    return { user, dialog };
  }

  test("begins at what is, and waits for another number", async () => {
    const { user, dialog } = await openScale();
    const button = dialog.getByRole<HTMLButtonElement>("button", { name: "Scale" });
    expect(dialog.getByLabelText<HTMLInputElement>("Replicas").value).toBe("3");
    expect(button.disabled).toBe(true);

    await user.clear(dialog.getByLabelText("Replicas"));
    expect(button.disabled).toBe(true);
    await user.type(dialog.getByLabelText("Replicas"), "5");

    expect(button.disabled).toBe(false);
  });

  test("sends the number, and the page shows what became of it", async () => {
    const scaled = app({ status: status({ phase: "PROGRESSING", desiredReplicas: 5 }), spec: spec({ replicas: 5 }) });
    server.graph["scaleWorkload"] = { workload: scaled, errors: [] };
    const { user, dialog } = await openScale();

    await user.clear(dialog.getByLabelText("Replicas"));
    await user.type(dialog.getByLabelText("Replicas"), "5{Enter}");

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.asked("ScaleWorkload")).toEqual([{ input: { namespace: "shop-x1", name: "engine", replicas: 5 } }]);
    expect(screen.getByRole("status", { name: "Ready pods" }).textContent).toBe("3/5");
  });

  test("a number that does not fit is refused in the dialog", async () => {
    server.graph["scaleWorkload"] = { workload: null, errors: [userError("QuotaExceededError", "Room for 4 is left.")] };
    const { user, dialog } = await openScale();
    await user.clear(dialog.getByLabelText("Replicas"));

    await user.type(dialog.getByLabelText("Replicas"), "40{Enter}");

    expect((await dialog.findByRole("alert")).textContent).toContain("Room for 4 is left.");
  });
});

test("restarting asks first, and closes once it is under way", async () => {
  server.graph["restartWorkload"] = { workload: app(), errors: [] };
  const user = visit("/namespaces/shop-x1/apps/engine");
  await user.click(await screen.findByRole("button", { name: "Restart" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Restart engine?" }));
  expect(server.asked("RestartWorkload")).toEqual([]);

  await user.click(dialog.getByRole("button", { name: "Restart" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(server.asked("RestartWorkload")).toEqual([{ input: { namespace: "shop-x1", name: "engine" } }]);
});

test("an app that could not be deleted stays on the page, and the dialog says why", async () => {
  server.graph["deleteWorkload"] = { deletedId: null, errors: [userError("ClusterRefusedError", "The cluster refused.")] };
  const user = visit("/namespaces/shop-x1/apps/engine");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await user.type(await screen.findByLabelText("Type engine to confirm"), "engine");

  await user.click(screen.getByRole("button", { name: "Delete app" }));

  expect((await screen.findByRole("alert")).textContent).toContain("The cluster refused.");
});
