import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { ADA, app, connection, metrics, MOMENT, namespace } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

function open(shown: object | null) {
  const server = new Server({ namespace: shown }).start();
  server.user = ADA;
  visit("/namespaces/shop-x1");
}

test("a namespace without an app leads to the first", async () => {
  open(namespace());

  const link = await screen.findByRole("link", { name: "Describe the first app" });
  expect(link.getAttribute("href")).toBe("/namespaces/shop-x1/new");
});

test("one whose apps were all deleted does not look as if there had been none", async () => {
  const deleted = { id: "Workload:1", name: "engine", kind: "WEB_SERVICE", deletedAt: MOMENT, restorableUntil: MOMENT };
  open(namespace({ deletedWorkloads: connection([deleted]) }));

  expect(await screen.findByText(/^No app runs here now/)).toBeDefined();
  expect(screen.queryByText(/No app runs here yet/)).toBeNull();
  expect(screen.getByRole("button", { name: "Restore engine" })).toBeDefined();
});

test("each app is a row with its state, its pods and how many are ready", async () => {
  open(namespace({ workloads: connection([app()]) }));

  const row = await screen.findByRole("row", { name: /^engine/ });
  expect(row.textContent).toMatch(/^engineghcr.io\/ada\/engine:1Deployed3\/3S/);
});

test("its quota and its usage stand beside each other, and a silent source is named", async () => {
  const cpu = { __typename: "MetricSourceDown", unit: "CORES", message: "Prometheus does not answer." };
  open(namespace({ metrics: metrics({ cpu }) }));

  expect(await screen.findByRole("meter", { name: "CPU limit" })).toBeDefined();
  expect(screen.getByText("The metrics source is down")).toBeDefined();
  expect(screen.getByText("No data yet")).toBeDefined();
});

test("a namespace that is absent and one that is somebody else's look alike", async () => {
  open(null);

  expect(await screen.findByText("There is no such namespace, or it is not yours.")).toBeDefined();
});
