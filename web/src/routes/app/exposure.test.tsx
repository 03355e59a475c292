import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { ADA, app, connection, exposure, namespace } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

const URL = "http://engine-shop-x1.tail1234.ts.net:8080";
const PENDING = exposure({
  mode: "PRIVATE",
  state: "PENDING",
  reason: "AWAITING_ADDRESS",
  message: "Waiting for the Tailscale operator.",
  reachableBy: "Devices of your tailnet.",
  portAnswers: false,
});
const READY = exposure({ ...PENDING, state: "READY", reason: null, message: "The way is open.", url: URL, address: "x", portAnswers: true });

function start(workload: object) {
  const server = new Server({ workload, namespace: namespace({ workloads: connection([workload as never]) }) }).start();
  server.user = ADA;
  return server;
}

test("the page follows an address from its request to where it opens", async () => {
  const server = start(app({ exposure: PENDING }));
  visit("/namespaces/shop-x1/apps/engine");
  expect((await screen.findByRole("status", { name: "State of the exposure" })).textContent).toBe("On its way");
  expect(screen.getByText("Waiting for the Tailscale operator.")).toBeDefined();
  expect(screen.getByText("no pod answers")).toBeDefined();

  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: app({ exposure: READY }) });

  expect(screen.getByRole("status", { name: "State of the exposure" }).textContent).toBe("Open");
  expect(screen.getByRole("link", { name: URL }).getAttribute("href")).toBe(URL);
  expect(screen.getByRole("button", { name: "Copy where it is reached" })).toBeDefined();
  expect(screen.getByText("Devices of your tailnet.")).toBeDefined();
  expect(screen.getByText("answers inside the cluster")).toBeDefined();
});

test("the address of a demo leads nowhere, and is no link", async () => {
  start(app({ exposure: exposure({ ...READY, isDemo: true }) }));
  visit("/namespaces/shop-x1/apps/engine");

  expect(await screen.findByText(URL)).toBeDefined();
  expect(screen.queryByRole("link", { name: URL })).toBeNull();
});

test("an app that is not exposed has no such panel", async () => {
  start(app());
  visit("/namespaces/shop-x1/apps/engine");

  await screen.findByRole("heading", { name: "engine" });

  expect(screen.queryByRole("status", { name: "State of the exposure" })).toBeNull();
});

test("what is still being removed says so", async () => {
  start(app({ exposure: exposure({ state: "REMOVING", message: "It stays until its operator has cleaned up." }) }));
  visit("/namespaces/shop-x1/apps/engine");

  expect((await screen.findByRole("status", { name: "State of the exposure" })).textContent).toBe("Being removed");
});

test("while the cluster cannot be asked nothing is claimed, and the address is no link", async () => {
  const unknown = { ...READY, state: "UNKNOWN", reason: "UNREACHABLE", portAnswers: null, message: "The cluster cannot be asked." } as const;
  start(app({ exposure: exposure(unknown) }));
  visit("/namespaces/shop-x1/apps/engine");

  expect((await screen.findByRole("status", { name: "State of the exposure" })).textContent).toBe("Not known just now");
  expect(screen.getByText("The cluster cannot be asked.")).toBeDefined();
  expect(screen.getByText("not known just now")).toBeDefined();
  expect(screen.getByText(URL)).toBeDefined();
  expect(screen.queryByRole("link", { name: URL })).toBeNull();
});

test("the list of apps shows where each is reached", async () => {
  start(app({ exposure: READY }));
  visit("/namespaces/shop-x1");

  expect((await screen.findByRole("link", { name: URL })).getAttribute("href")).toBe(URL);
});
