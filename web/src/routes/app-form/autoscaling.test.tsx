import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, pasted, plan, quota, spec, status, userError } from "../../test/data";
import { type Server } from "../../test/server";
import { described, fill, IMAGE, openEdit, openNew, review, startServer, valueOf, type User } from "./form.steps";

const AUTOSCALING = { minReplicas: 2, maxReplicas: 6, cpuPercent: 65, memoryPercent: null };

let server: Server;

beforeEach(() => {
  server = startServer();
});

async function openScaled(): Promise<User> {
  const user = await openNew();
  await fill(user, /^Image/, IMAGE);
  await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
  await user.click(await screen.findByRole("switch", { name: /^Autoscaling/ }));
  return user;
}

describe("autoscaling in the form", () => {
  test("takes the place of the number of replicas, and is planned with its bounds", async () => {
    const user = await openScaled();
    expect(screen.queryByLabelText(/^Replicas/)).toBeNull();
    await fill(user, "At least", "2");
    await fill(user, "At most", "6");
    await fill(user, "CPU near, %", "65");

    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload: { autoscaling: AUTOSCALING } } }]);
  });

  test("begins around the number that was typed", async () => {
    const user = await openNew();
    await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
    await fill(user, /^Replicas/, "3");

    await user.click(await screen.findByRole("switch", { name: /^Autoscaling/ }));

    expect([valueOf("At least"), valueOf("At most"), valueOf("CPU near, %")]).toEqual(["3", "6", "70"]);
  });

  test("tells what is wrong beside the field that is wrong", async () => {
    const user = await openScaled();

    await fill(user, "At least", "5");
    await fill(user, "At most", "4");

    expect(described("At most")).toContain("No lower than the least.");
    expect(screen.getByLabelText("At least").getAttribute("aria-invalid")).not.toBe("true");
  });

  test("a number of replicas that was wrong is asked for no more", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
    await fill(user, /^Replicas/, "1000");

    await user.click(await screen.findByRole("switch", { name: /^Autoscaling/ }));
    await fill(user, "At least", "1");
    await fill(user, "At most", "2");
    await review(user);

    expect(await screen.findByRole("list", { name: "Changes" })).toBeDefined();
  });

  test("what the server refuses stands beside its field", async () => {
    const path = ["workload", "autoscaling", "minReplicas"];
    server.graph["planWorkload"] = { plan: null, errors: [userError("InvalidInputError", "Too many.", { path })] };
    const user = await openScaled();

    await review(user);

    await waitFor(() => expect(described("At least")).toContain("Too many."));
  });

  test("turned off, one begins with as many pods as there are", async () => {
    server.graph["workload"] = app({
      spec: spec({ autoscaling: AUTOSCALING, replicas: 1 }),
      status: status({ desiredReplicas: 4 }),
    });
    const user = await openEdit();
    expect(valueOf("At most")).toBe("6");

    await user.click(await screen.findByRole("switch", { name: /^Autoscaling/ }));

    expect(valueOf(/^Replicas/)).toBe("4");
  });

  test("a plan says what it may come to, and offers what the quota allows", async () => {
    const used = { ...quota("limits.cpu", 0, 4, "CORES"), after: 1, peak: 1, most: 9, fits: true };
    const fix = { label: "Scale to 4 at most", path: ["workload", "autoscaling", "maxReplicas"], value: "4" };
    const finding = { severity: "WARNING", message: "The quota allows 4 of the 9 replicas.", path: fix.path, fix };
    server.graph["planWorkload"] = { plan: plan({ quota: [used], findings: [finding] }), errors: [] };
    const user = await openScaled();
    await review(user);
    expect(await screen.findByText(/^9 cores where autoscaling asks for its most, which does not fit/)).toBeDefined();

    await user.click(screen.getByRole("button", { name: "Scale to 4 at most" }));

    await waitFor(() => expect(valueOf("At most")).toBe("4"));
    expect(server.asked("PlanWorkload")).toMatchObject([
      {},
      { input: { workload: { autoscaling: { maxReplicas: 4 } } } },
    ]);
  });

  test("jobs have none", async () => {
    const user = await openNew();
    await user.click(screen.getByRole("radio", { name: /^Scheduled job/ }));
    await user.click(screen.getByRole("button", { name: /^More: variables/ }));

    expect(screen.queryByRole("switch", { name: /^Autoscaling/ })).toBeNull();
  });

  test("a pasted one fills it", async () => {
    server.graph["pastedWorkload"] = { workload: pasted({ autoscaling: AUTOSCALING }), errors: [] };
    const user = await openNew();
    await user.click(screen.getByRole("button", { name: "Paste…" }));
    await user.click(await screen.findByRole("textbox", { name: /docker run/i }));
    await user.paste("kind: Deployment");
    await user.click(screen.getByRole("button", { name: "Fill the form" }));

    await waitFor(() => expect([valueOf("At least"), valueOf("At most")]).toEqual(["2", "6"]));
  });
});
