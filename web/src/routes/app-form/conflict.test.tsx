import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { GRACE, plan, userError } from "../../test/data";
import type { Server } from "../../test/server";
import { fill, openEdit, review, startServer } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

describe("what others did meanwhile", () => {
  const CONFLICT = userError("PlanConflictError", "Revision 2 of engine was deployed since revision 1.", {
    path: ["baseRevision"],
    changes: ["environment[LOG_LEVEL]"],
    conflicts: [
      {
        kind: "Workload",
        name: "engine",
        path: "environment[LOG_LEVEL]",
        planned: '"info"',
        live: '"debug"',
        base: null,
        manager: null,
      },
    ],
    revision: 2,
    author: GRACE,
  });

  test("is shown before it is replaced, and replaced only by somebody who has seen it", async () => {
    server.graph["planWorkload"] = { plan: null, errors: [CONFLICT] };
    const user = await openEdit();
    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    await review(user);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Revision 2, deployed by Grace");
    expect(alert.textContent).toContain("environment[LOG_LEVEL]PlannedinfoLive nowdebugWhen plannednone");

    server.graph["planWorkload"] = { plan: plan({ action: "UPDATE" }), errors: [] };
    await user.click(screen.getByRole("button", { name: "Replace it with what I have here" }));

    expect(await screen.findByRole("button", { name: "Deploy this change" })).toBeDefined();
    const bases = [1, 2].map((baseRevision) => ({ input: { baseRevision } }));
    expect(server.asked("PlanWorkload")).toMatchObject(bases);
  });

  test("found out when deploying, it is shown, and planned over by whoever plans again", async () => {
    server.graph["planWorkload"] = { plan: plan({ action: "UPDATE" }), errors: [] };
    const user = await openEdit();
    await review(user);
    const stale = { ...CONFLICT, message: "Revision 2 of engine was deployed since this plan was made.", path: [] };
    server.graph["deployWorkload"] = { workload: null, errors: [stale] };
    await user.click(await screen.findByRole("button", { name: "Deploy this change" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Revision 2, deployed by Grace");

    server.graph["planWorkload"] = { plan: plan({ id: "Plan:2", action: "UPDATE" }), errors: [] };
    await user.click(screen.getByRole("button", { name: "Plan again" }));
    await screen.findByRole("button", { name: "Deploy this change" });
    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    await review(user);

    const bases = [1, 2, 2].map((baseRevision) => ({ input: { baseRevision } }));
    expect(server.asked("PlanWorkload")).toMatchObject(bases);
  });

  test("an app that was deleted is made again only by somebody who was told", async () => {
    const deleted = { changes: ["name"], conflicts: [], revision: null, author: null, path: ["baseRevision"] };
    const conflict = userError("PlanConflictError", "The app engine was deleted since revision 1.", deleted);
    server.graph["planWorkload"] = { plan: null, errors: [conflict] };
    const user = await openEdit();
    await review(user);

    await user.click(await screen.findByRole("button", { name: "Replace it with what I have here" }));

    const bases = [1, 0].map((baseRevision) => ({ input: { baseRevision } }));
    await waitFor(() => expect(server.asked("PlanWorkload")).toMatchObject(bases));
  });
});
