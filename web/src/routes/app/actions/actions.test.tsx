import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { ADA, app, connection, revision, spec, status, userError } from "../../../test/data";
import { visit } from "../../../test/render";
import { Server } from "../../../test/server";

const CURRENT = revision({ id: "Revision:2", number: 2, cause: "SCALE", isCurrent: true });
const BEFORE = revision({
  spec: spec({
    image: "ghcr.io/ada/engine:0",
    port: null,
    replicas: 1,
    runAsUser: 1000,
    environment: [{ name: "OLD", value: "1" }],
    secrets: [{ name: "TOKEN" }],
  }),
});

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

  test("everything that changes is shown first", async () => {
    const { dialog } = await openRollback();

    expect(dialog.getAllByRole("listitem").map((each) => each.textContent)).toEqual([
      "imageghcr.io/ada/engine:1→ghcr.io/ada/engine:0",
      "port8080",
      "replicas3→1",
      "environment[LOG_LEVEL]info",
      "secrets[DATABASE_PASSWORD](redacted)",
      "runAsUser1000",
      "environment[OLD]1",
      "secrets[TOKEN](redacted)",
    ]);
    expect(dialog.getByText("Secrets get the values that they had then.")).toBeDefined();
    expect(server.asked("RollbackWorkload")).toEqual([]);
  });

  test("the answer names the revision, and closes the dialog", async () => {
    server.graph["rollbackWorkload"] = { workload: app({ revisions: connection([CURRENT, BEFORE]) }), errors: [] };
    const { user, dialog } = await openRollback();

    await user.click(dialog.getByRole("button", { name: "Roll back" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.asked("RollbackWorkload")).toEqual([{ input: { namespace: "shop-x1", name: "engine", revision: 1 } }]);
  });

  test("a refusal stays in the dialog", async () => {
    server.graph["rollbackWorkload"] = { workload: null, errors: [userError("QuotaExceededError", "The quota is spent.")] };
    const { user, dialog } = await openRollback();

    await user.click(dialog.getByRole("button", { name: "Roll back" }));

    expect((await dialog.findByRole("alert")).textContent).toContain("The quota is spent.");
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
