import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { ADA, app, connection, MOMENT, rollout, spec, status } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

const SCHEDULE = {
  cron: "30 4 * * *",
  timeZone: "Europe/London",
  concurrency: "FORBID",
  suspended: false,
  explanation: "At 04:30 every day",
  nextRunAt: MOMENT,
};
const RUN = {
  id: "Run:1",
  name: "engine-m1",
  revision: 1,
  trigger: "MANUAL",
  state: "FAILED",
  message: "It failed. The app ended with exit code 1.",
  createdAt: MOMENT,
  finishedAt: MOMENT,
};

let server: Server;

function job(schedule = SCHEDULE) {
  return app({
    kind: "SCHEDULED_JOB",
    spec: spec({ kind: "SCHEDULED_JOB", port: null, schedule }),
    status: status({ desiredReplicas: 0, readyReplicas: 0, message: "Revision 1 is deployed: no run was due yet." }),
    rollout: rollout({ cells: [] }),
    runs: connection([RUN]),
  });
}

beforeEach(() => {
  server = new Server({ workload: job() }).start();
  server.user = ADA;
});

describe("a job", () => {
  test("has a schedule in words, and no replicas to scale", async () => {
    visit("/namespaces/shop-x1/apps/engine");

    expect(await screen.findByText(/At 04:30 every day/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Scale" })).toBeNull();
    expect(screen.queryByLabelText("Ready pods")).toBeNull();
  });

  test("lists its runs, and why one failed", async () => {
    visit("/namespaces/shop-x1/apps/engine?tab=runs");

    const table = within(await screen.findByRole("table", { name: "Runs" }));

    expect(table.getByText("engine-m1")).toBeDefined();
    expect(table.getByText(/ended with exit code 1/)).toBeDefined();
  });

  test("is run at once when somebody says so", async () => {
    server.graph["runWorkload"] = { workload: job(), errors: [] };
    const user = visit("/namespaces/shop-x1/apps/engine");
    await user.click(await screen.findByRole("button", { name: "Run now" }));

    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Run now" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.asked("RunWorkload")).toEqual([{ input: { namespace: "shop-x1", name: "engine" } }]);
  });

  test("is paused, and then offers to be resumed", async () => {
    server.graph["pauseWorkload"] = { workload: job({ ...SCHEDULE, suspended: true }), errors: [] };
    const user = visit("/namespaces/shop-x1/apps/engine");
    await user.click(await screen.findByRole("button", { name: "Pause" }));

    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Pause" }));

    expect(await screen.findByRole("button", { name: "Resume" })).toBeDefined();
  });

  test("that somebody else pauses is told to whoever looks at it, and so is that it goes on", async () => {
    visit("/namespaces/shop-x1/apps/engine");
    await screen.findByRole("button", { name: "Pause" });

    await server.publish("deploymentUpdated", { kind: "CHANGE", workload: job({ ...SCHEDULE, suspended: true }) });
    expect(await screen.findByRole("button", { name: "Resume" })).toBeDefined();

    await server.publish("deploymentUpdated", { kind: "CHANGE", workload: job() });
    expect(await screen.findByRole("button", { name: "Pause" })).toBeDefined();
  });

  test("a service has no runs to look at", async () => {
    server.graph["workload"] = app();

    visit("/namespaces/shop-x1/apps/engine");

    expect(await screen.findByRole("link", { name: "Pods" })).toBeDefined();
    expect(screen.queryByRole("link", { name: "Runs" })).toBeNull();
  });
});
