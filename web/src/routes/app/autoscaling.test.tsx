import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { ADA, app, MOMENT, spec, status } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

const AUTOSCALING = { minReplicas: 2, maxReplicas: 6, cpuPercent: 65, memoryPercent: 80 };
const AUTOSCALER = {
  state: "ACTIVE",
  message: "CPU is at 45%, to be kept near 65%.",
  currentReplicas: 3,
  desiredReplicas: 3,
  cpuPercent: 45,
  memoryPercent: null,
  lastScaledAt: MOMENT,
  conditions: [],
};

let server: Server;

function scaled(autoscaler = {}) {
  return app({ spec: spec({ autoscaling: AUTOSCALING }), autoscaler: { ...AUTOSCALER, ...autoscaler } });
}

beforeEach(() => {
  server = new Server({ workload: scaled() }).start();
  server.user = ADA;
});

describe("an app that is autoscaled", () => {
  test("says what it asked for, and what its autoscaler does", async () => {
    visit("/namespaces/shop-x1/apps/engine");

    expect(await screen.findByText("2 to 6, CPU near 65%, memory near 80%")).toBeDefined();
    expect(screen.getByText("CPU is at 45%, to be kept near 65%.")).toBeDefined();
    expect(screen.getByText("45% of what is set aside")).toBeDefined();
  });

  test("shows it scale as it happens", async () => {
    visit("/namespaces/shop-x1/apps/engine");
    await screen.findByText("45% of what is set aside");

    const workload = { ...scaled({ desiredReplicas: 5, cpuPercent: 99 }), status: status({ desiredReplicas: 5 }) };
    await server.publish("deploymentUpdated", { kind: "CHANGE", workload });

    expect(await screen.findByText("3, 5 asked for")).toBeDefined();
    expect(screen.getByText("99% of what is set aside")).toBeDefined();
    expect(screen.getByLabelText("Ready pods").textContent).toBe("3/5");
  });

  test("says plainly that its metrics cannot be read", async () => {
    const message = "What the pods use cannot be read, so their number stays as it is. Kubernetes says: no metrics.";
    server.graph["workload"] = scaled({ state: "UNABLE", message, cpuPercent: null, lastScaledAt: null });

    visit("/namespaces/shop-x1/apps/engine");

    expect(await screen.findByText("It does not scale just now")).toBeDefined();
    expect(screen.getByText(message)).toBeDefined();
    expect(screen.getByText("not read")).toBeDefined();
  });

  test("is not scaled by hand: the dialog leads to where its bounds are", async () => {
    const user = visit("/namespaces/shop-x1/apps/engine");
    await user.click(await screen.findByRole("button", { name: "Scale" }));

    const dialog = within(await screen.findByRole("dialog", { name: "engine scales by itself" }));

    expect(dialog.getByText(/2 to 6, CPU near 65%/)).toBeDefined();
    expect(dialog.getByRole("link", { name: "Edit autoscaling" }).getAttribute("href")).toBe(
      "/namespaces/shop-x1/apps/engine/edit",
    );
    expect(screen.queryByLabelText(/^Replicas/)).toBeNull();
  });
});

test("an app without autoscaling has no such panel", async () => {
  server.graph["workload"] = app();

  visit("/namespaces/shop-x1/apps/engine");

  await screen.findByLabelText("Ready pods");
  expect(screen.queryByText("Autoscaling")).toBeNull();
});
