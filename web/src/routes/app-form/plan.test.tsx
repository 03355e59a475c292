import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, MIB, plan, userError } from "../../test/data";
import { address } from "../../test/render";
import { graphError, type Server } from "../../test/server";
import { described, fill, IMAGE, openEdit, openNew, openPlanned, review, startServer, valueOf } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

describe("the plan", () => {
  test("says what would happen to each object, field by field", async () => {
    const changes = [{ path: "spec.replicas", action: "UPDATE", before: "1", after: "3" }];
    server.graph["planWorkload"] = {
      plan: plan({
        action: "UPDATE",
        diff: [
          { kind: "Deployment", name: "engine", action: "UPDATE", changes },
          { kind: "Secret", name: "engine", action: "DELETE", changes: [] },
        ],
      }),
      errors: [],
    };
    const user = await openEdit();

    await review(user);

    const objects = within(await screen.findByRole("list", { name: "Changes" }));
    expect(objects.getByText("Deployment/engine")).toBeDefined();
    expect(objects.getByText("spec.replicas").parentElement?.textContent).toBe("spec.replicas1→3");
    expect(objects.getByText("Secret/engine").parentElement?.textContent).toBe("deleteSecret/engine");
  });

  test("says when the quota does not hold at the rollout's peak", async () => {
    const amounts = { used: 0, after: 512 * MIB, peak: 1280 * MIB, most: 512 * MIB, hard: 1024 * MIB };
    const memory = { resource: "limits.memory", unit: "BYTES", ...amounts };
    server.graph["planWorkload"] = { plan: plan({ quota: [{ ...memory, fits: false }] }), errors: [] };

    await openPlanned();

    expect(screen.getByText("1.25 GiB at the rollout's peak, which does not fit")).toBeDefined();
  });

  test("is taken away as soon as the form is changed", async () => {
    const user = await openPlanned();

    await fill(user, /^Image/, "ghcr.io/ada/engine:2");

    expect(screen.queryByRole("button", { name: "Deploy" })).toBeNull();
    expect(screen.getByText(/The form has changed since the plan was made/)).toBeDefined();
  });

  test("Deploy sends that very plan, and leads to the app", async () => {
    server.graph["planWorkload"] = { plan: plan({ id: "Plan:42" }), errors: [] };
    const user = await openPlanned();

    await user.click(screen.getByRole("button", { name: "Deploy" }));

    await screen.findByRole("heading", { name: "engine" });
    expect(address()).toBe("/namespaces/shop-x1/apps/engine");
    expect(server.asked("DeployWorkload")).toEqual([{ input: { planId: "Plan:42" } }]);
  });

  test("a new app never changes one that is there: the plan is not offered, the other app is", async () => {
    server.graph["planWorkload"] = { plan: plan({ action: "UPDATE" }), errors: [] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("There is an app engine here already");
    expect(screen.queryByRole("button", { name: /^Deploy/ })).toBeNull();
    const link = screen.getByRole("link", { name: "change that app" });
    expect(link.getAttribute("href")).toBe("/namespaces/shop-x1/apps/engine/edit");
  });

  test("a finding comes with its fix, which puts itself into the form and plans again", async () => {
    const fix = { label: "Run as user 1000", path: ["workload", "runAsUser"], value: "1000" };
    const finding = { severity: "WARNING", message: "The image may start as root.", path: [], fix };
    server.graph["planWorkload"] = { plan: plan({ findings: [finding] }), errors: [] };
    const user = await openPlanned();
    server.graph["planWorkload"] = { plan: plan(), errors: [] };

    await user.click(screen.getByRole("button", { name: "Run as user 1000" }));

    await screen.findByRole("list", { name: "Changes" });
    expect(screen.queryByText("The image may start as root.")).toBeNull();
    const runAsUser = [null, 1000].map((each) => ({ input: { workload: { runAsUser: each } } }));
    expect(server.asked("PlanWorkload")).toMatchObject(runAsUser);
  });
});

describe("what goes wrong", () => {
  test("a row that is wrong stays in sight, and is led to", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
    await user.click(await screen.findByRole("button", { name: "Add variable" }));
    await user.click(screen.getByRole("button", { name: /^Less: replicas/ }));

    await review(user);

    const name = screen.getByLabelText("Environment 1: name");
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(screen.getByRole("button", { name: /^Less: replicas/ })).toBeDefined();
  });

  test("nothing can be typed while a plan is being deployed, so that its end is not missed", async () => {
    let answer: (value: object) => void = () => undefined;
    server.graph["deployWorkload"] = () => new Promise((resolve) => (answer = resolve));
    const user = await openPlanned();

    await user.click(screen.getByRole("button", { name: "Deploy" }));
    expect(screen.getByLabelText(/^Image/).matches(":disabled")).toBe(true);
    await waitFor(() => expect(server.asked("DeployWorkload")).toHaveLength(1));
    answer({ workload: null, errors: [userError("QuotaExceededError", "There is no room any more.", {})] });

    expect((await screen.findByRole("alert")).textContent).toContain("There is no room any more.");
    expect(screen.getByLabelText(/^Image/).matches(":disabled")).toBe(false);
  });

  test("a refusal stands beside the field that it is about, until that field is changed", async () => {
    const refusal = userError("InvalidInputError", "There is no such tag.", { path: ["workload", "image"], example: "engine:1" });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("This cannot be deployed as it is");
    await waitFor(() => expect(described(/^Image/)).toContain("There is no such tag. Example: engine:1"));
    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    expect(described(/^Image/)).not.toContain("There is no such tag.");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("a field that is folded away unfolds when it is refused", async () => {
    const refusal = userError("InvalidInputError", "Too many.", { path: ["workload", "replicas"], example: "3" });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    const less = await screen.findByRole("button", { name: /^Less: replicas/ });
    expect(less.getAttribute("aria-expanded")).toBe("true");
    await waitFor(() => expect(described(/^Replicas/)).toContain("Too many."));
  });

  test("a refusal by policy brings its fix", async () => {
    const fix = { label: "Run as user 1000", path: ["workload", "runAsUser"], value: "1000" };
    const refusal = userError("PolicyViolationError", "It would run as root.", { path: ["workload"], fix });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await review(user);
    await screen.findByText("It would run as root.");
    server.graph["planWorkload"] = { plan: plan(), errors: [] };

    await user.click(screen.getByRole("button", { name: "Run as user 1000" }));

    expect(await screen.findByRole("button", { name: "Deploy" })).toBeDefined();
  });

  test("a plan that no longer holds is not deployed: what changed is shown, and it is planned anew", async () => {
    const values = { planned: "5", live: "9", base: "3", manager: "kubectl-edit" };
    const replicas = { kind: "Deployment", name: "engine", path: "spec.replicas", ...values };
    const conflict = userError("PlanConflictError", "The cluster has changed since.", {
      changes: ["Deployment/engine"],
      conflicts: [replicas],
      revision: null,
      author: null,
    });
    const user = await openPlanned();
    server.graph["deployWorkload"] = { workload: null, errors: [conflict] };
    await user.click(screen.getByRole("button", { name: "Deploy" }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("It was not deployedThe cluster has changed since.");
    const moved = within(within(alert).getByRole("region", { name: "Deployment/engine" }));
    expect(moved.getAllByRole("definition").map((each) => each.textContent)).toEqual(["5", "9", "3"]);
    expect(screen.queryByRole("button", { name: "Deploy" })).toBeNull();

    server.graph["planWorkload"] = { plan: plan({ id: "Plan:2" }), errors: [] };
    server.graph["deployWorkload"] = { workload: app(), errors: [] };
    await user.click(screen.getByRole("button", { name: "Plan again" }));
    await user.click(await screen.findByRole("button", { name: "Deploy" }));

    await screen.findByRole("heading", { name: "engine" });
    expect(server.asked("DeployWorkload").at(-1)).toEqual({ input: { planId: "Plan:2" } });
  });

  test("a plan that does not arrive loses nothing that was typed, and can be asked for again", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    server.isReachable = false;
    await review(user);
    expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer");
    expect(valueOf(/^Image/)).toBe(IMAGE);

    server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByRole("button", { name: "Deploy" })).toBeDefined();
  });

  test("a deploy that does not arrive can be sent again, with the same plan", async () => {
    const user = await openPlanned();
    server.isReachable = false;
    await user.click(screen.getByRole("button", { name: "Deploy" }));
    expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer");

    server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Deploy" }));

    expect(await screen.findByRole("heading", { name: "engine" })).toBeDefined();
  });

  test("a cluster that is silent is told in the server's words", async () => {
    server.graph["planWorkload"] = () => {
      throw graphError("UNAVAILABLE", "The cluster does not answer. Try again in a moment.");
    };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("The cluster does not answer. Try again in a moment.");
  });
});
