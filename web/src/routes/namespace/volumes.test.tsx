import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { ADA, connection, GRACE, namespace, userError, volumeClaim } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

const LEFT = volumeClaim({ id: "VolumeClaim:2", name: "data-old-0", workload: null, leftOver: true });
const DELETED = { id: "Workload:9", name: "shop", restorableUntil: new Date(Date.now() + 3_600_000).toISOString() };
const KEPT = volumeClaim({ id: "VolumeClaim:3", name: "data-shop-0", workload: null, deletedWorkload: DELETED });

let server: Server;

beforeEach(() => {
  server = new Server().start();
  server.user = ADA;
  list(volumeClaim(), LEFT, KEPT);
});

function list(...claims: ReturnType<typeof volumeClaim>[]) {
  server.graph["namespace"] = namespace({ volumeClaims: connection(claims) });
}

const row = (name: string) => screen.findByRole("row", { name: new RegExp(`^${name}`) });

test("each disk says who has it, and its size", async () => {
  visit("/namespaces/shop-x1?tab=settings");

  const used = within(await row("data-engine-0"));
  expect(used.getByRole("link", { name: "engine" }).getAttribute("href")).toBe("/namespaces/shop-x1/apps/engine");
  expect(used.getByRole("cell", { name: "10 GiB" })).toBeDefined();
  expect((await row("data-old-0")).textContent).toContain("nobody: left over");
  expect((await row("data-shop-0")).textContent).toMatch(/shop, deleted; left over in/);
});

test("only what is left over can be deleted", async () => {
  list(volumeClaim(), LEFT, KEPT, { ...LEFT, id: "VolumeClaim:4", name: "data-gone-0", phase: "TERMINATING" });
  visit("/namespaces/shop-x1?tab=settings");

  await row("data-old-0");
  const table = within(screen.getByRole("table", { name: "Volumes" }));
  expect(table.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual(["Delete data-old-0"]);
  expect((await row("data-gone-0")).textContent).toContain("Being deleted");
});

test("a left-over disk is deleted once its name is typed, and leaves the list", async () => {
  server.graph["deleteVolumeClaim"] = { deletedId: LEFT.id, errors: [] };
  const user = visit("/namespaces/shop-x1?tab=settings");

  await user.click(await screen.findByRole("button", { name: "Delete data-old-0" }));
  await user.type(await screen.findByLabelText("Type data-old-0 to confirm"), "data-old-0");
  list(volumeClaim(), KEPT);
  await user.click(screen.getByRole("button", { name: "Delete disk" }));

  await waitFor(() => expect(screen.queryByText("data-old-0")).toBeNull());
  expect(server.asked("DeleteVolumeClaim")).toEqual([
    { input: { namespace: "shop-x1", id: "VolumeClaim:2", confirmName: "data-old-0" } },
  ]);
});

test("a disk that somebody has a use for by now stays, and the dialog says why", async () => {
  const errors = [userError("InUseError", "old uses the disk data-old-0.", { path: ["id"] })];
  server.graph["deleteVolumeClaim"] = { deletedId: null, errors };
  const user = visit("/namespaces/shop-x1?tab=settings");

  await user.click(await screen.findByRole("button", { name: "Delete data-old-0" }));
  await user.type(await screen.findByLabelText("Type data-old-0 to confirm"), "data-old-0{Enter}");

  expect((await screen.findByRole("alert")).textContent).toContain("old uses the disk data-old-0.");
});

test("who may only look at the namespace is told who can delete disks", async () => {
  server.user = { ...GRACE, email: "grace@example.org" };
  const viewerCan = { __typename: "ViewerCan", write: false, delete: false };
  server.graph["namespace"] = namespace({ viewerCan, volumeClaims: connection([LEFT]) });
  visit("/namespaces/shop-x1?tab=settings");

  const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Delete data-old-0" });
  expect(button.disabled).toBe(true);
  const reason = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(reason?.textContent).toContain("Only ada@example.org, whose namespace this is, can delete disks.");
});

test("a namespace without disks says so", async () => {
  list();
  visit("/namespaces/shop-x1?tab=settings");

  expect(await screen.findByText("No stateful service has made a disk here yet.")).toBeDefined();
});

test("a list of disks that cannot be read costs itself alone", async () => {
  server.graph["namespace"] = namespace({ volumeClaims: null });
  visit("/namespaces/shop-x1?tab=settings");

  expect(await screen.findByText(/^Volumes cannot be read just now\./)).toBeDefined();
});
