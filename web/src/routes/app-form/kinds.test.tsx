import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, spec } from "../../test/data";
import { type Server } from "../../test/server";
import { fill, IMAGE, openEdit, openNew, review, startServer, type User } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

async function choose(user: User, name: RegExp) {
  await user.click(screen.getByRole("radio", { name }));
}

describe("the kind of an app", () => {
  test("each asks for what it has, and for nothing that it has not", async () => {
    const user = await openNew();
    expect(screen.getByLabelText(/^Port/)).toBeDefined();

    await choose(user, /^Scheduled job/);

    expect(screen.getByLabelText(/^Schedule/)).toBeDefined();
    expect(screen.queryByLabelText(/^Port/)).toBeNull();
    expect(screen.queryByLabelText(/^Volume/)).toBeNull();
  });

  test("a scheduled job is planned with its schedule, and without what only services have", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await choose(user, /^Scheduled job/);
    await fill(user, /^Schedule/, "30 4 * * *");

    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    const schedule = { cron: "30 4 * * *", concurrency: "FORBID", suspended: false };
    const workload = { kind: "SCHEDULED_JOB", schedule, port: null, replicas: 1, volumes: [], retries: 3 };
    expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload } }]);
  });

  test("a stateful service is planned with its volumes", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await choose(user, /^Stateful service/);
    await fill(user, /^Mounted at/, "/data");

    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    const volumes = [{ name: "data", path: "/data", sizeGib: 1, storageClass: null }];
    expect(server.asked("PlanWorkload")).toMatchObject([
      { input: { workload: { kind: "STATEFUL_SERVICE", volumes, schedule: null } } },
    ]);
  });

  test("what was typed for another kind is there again where one comes back to it", async () => {
    const user = await openNew();
    await choose(user, /^Stateful service/);
    await fill(user, /^Mounted at/, "/data");

    await choose(user, /^Worker/);
    await choose(user, /^Stateful service/);

    expect(screen.getByLabelText<HTMLInputElement>(/^Mounted at/).value).toBe("/data");
  });

  test("an app that is there can become only what Kubernetes can make of it", async () => {
    await openEdit();

    const kinds = screen.getAllByRole("radio").map((each) => each.textContent);

    expect(kinds.filter((text) => /service|Worker|job/.test(text)).map((text) => text.slice(0, 6))).toEqual([
      "Web se",
      "Worker",
    ]);
  });

  test("the disks of an app that is there cannot be changed, but for their places", async () => {
    const volumes = [{ name: "data", path: "/data", sizeGib: 5, storageClass: "fast" }];
    server.graph["workload"] = app({ spec: spec({ kind: "STATEFUL_SERVICE", volumes }) });

    await openEdit();

    expect(screen.getByLabelText<HTMLInputElement>("GiB").readOnly).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>(/^Mounted at/).readOnly).toBe(false);
    expect(screen.queryByRole("button", { name: "Add volume" })).toBeNull();
  });
});
