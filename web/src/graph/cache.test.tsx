import { screen, waitFor } from "@testing-library/react";
import { isAbstractType, isObjectType } from "graphql";
import { expect, test } from "vitest";

import { ADA, app, connection, namespace, plan, workloadForm } from "../test/data";
import { address, visit } from "../test/render";
import { schema, Server } from "../test/server";
import { PARTS, POSSIBLE_TYPES } from "./cache";

const ENGINE = app();
const SHOP = app({ id: "Workload:2", name: "shop" });

function startServer() {
  const server = new Server().start();
  server.user = ADA;
  list(server, ENGINE);
  return server;
}

/** From now on the namespace has these apps. */
function list(server: Server, ...apps: object[]) {
  const shown = namespace({ workloads: connection(apps as Record<string, unknown>[]) });
  server.graph["namespace"] = shown;
  server.graph["namespaces"] = connection([shown]);
}

test("the cache knows every interface and union of the schema, and all their types", () => {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const known = abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name).sort()]);

  expect(POSSIBLE_TYPES).toEqual(Object.fromEntries(known));
});

test("the cache knows every type that has no id", () => {
  const known = /^__|^(Query|Mutation|Subscription)$|(Connection|Edge|PageInfo|Payload|Error)$/;
  const types = Object.values(schema.getTypeMap()).filter(isObjectType).filter(({ name }) => !known.test(name));

  expect(PARTS).toEqual(types.filter((type) => !("id" in type.getFields())).map(({ name }) => name).sort());
});

test("an app that the list lacks makes the page ask for its list again", async () => {
  const server = startServer();
  visit("/namespaces/shop-x1");
  await screen.findByRole("link", { name: "engine" });
  const asked = server.asked("NamespacePage").length;
  list(server, ENGINE, SHOP);

  await server.publish("namespaceUpdated", { kind: "CHANGE", workloadId: SHOP.id, workload: SHOP });

  expect(await screen.findByRole("link", { name: "shop" })).toBeDefined();
  expect(server.asked("NamespacePage")).toHaveLength(asked + 1);
});

test("an app that is deleted leaves the list", async () => {
  const server = startServer();
  visit("/namespaces/shop-x1");
  await screen.findByRole("link", { name: "engine" });
  list(server);

  await server.publish("namespaceUpdated", { kind: "DELETED", workloadId: ENGINE.id, workload: null });

  expect(await screen.findByText("No app runs here yet.")).toBeDefined();
});

test("after a reset, the apps that the snapshot lacks leave the list, once it is whole and not before", async () => {
  const server = startServer();
  list(server, ENGINE, SHOP);
  visit("/namespaces/shop-x1");
  await screen.findByRole("link", { name: "shop" });
  list(server, ENGINE);
  const degraded = app({ status: { ...ENGINE.status, phase: "DEGRADED" } });

  await server.publish("namespaceUpdated", { kind: "RESET" });
  await server.publish("namespaceUpdated", { kind: "SNAPSHOT", workloadId: ENGINE.id, workload: degraded });
  expect(screen.getByRole("link", { name: "shop" })).toBeDefined();
  await server.publish("namespaceUpdated", { kind: "SYNCED", cursor: "nine" });

  await waitFor(() => expect(screen.queryByRole("link", { name: "shop" })).toBeNull());
  expect(screen.getByRole("link", { name: "engine" })).toBeDefined();
});

test("after a reset of a namespace without apps the list is empty", async () => {
  const server = startServer();
  visit("/namespaces/shop-x1");
  await screen.findByRole("link", { name: "engine" });
  list(server);

  await server.publish("namespaceUpdated", { kind: "RESET" });
  await server.publish("namespaceUpdated", { kind: "SYNCED", cursor: "nine" });

  expect(await screen.findByText("No app runs here yet.")).toBeDefined();
});

test("a snapshot of what is listed asks for nothing", async () => {
  const server = startServer();
  visit("/namespaces/shop-x1");
  await screen.findByRole("link", { name: "engine" });
  const asked = server.asked("NamespacePage").length;

  await server.publish("namespaceUpdated", { kind: "SNAPSHOT", workloadId: ENGINE.id, workload: ENGINE });
  await server.publish("namespaceUpdated", { kind: "SYNCED", cursor: "nine" });

  expect(server.asked("NamespacePage")).toHaveLength(asked);
});

test("a change of an app that is listed shows in its row, and asks for nothing", async () => {
  const server = startServer();
  visit("/namespaces/shop-x1");
  await screen.findByText("Deployed");
  const asked = server.asked("NamespacePage").length;

  const workload = app({ status: { ...ENGINE.status, phase: "DEGRADED", readyReplicas: 1 } });
  await server.publish("namespaceUpdated", { kind: "CHANGE", workloadId: ENGINE.id, workload });

  expect(await screen.findByText("Degraded")).toBeDefined();
  expect(screen.getByRole("cell", { name: "1/3" })).toBeDefined();
  expect(server.asked("NamespacePage")).toHaveLength(asked);
});

/** The server takes its time from now on: what a page shows is what the cache still has. */
function stall(server: Server) {
  const never = new Promise(() => undefined);
  Object.assign(server.graph, { namespace: () => never, namespaces: () => never });
}

test("after a deploy the list without the new app is forgotten", async () => {
  const server = startServer();
  list(server);
  Object.assign(server.graph, {
    workloadForm: workloadForm(),
    workload: SHOP,
    planWorkload: { plan: plan(), errors: [] },
    deployWorkload: { workload: SHOP, errors: [] },
  });
  const user = visit("/namespaces/shop-x1");
  await user.click(await screen.findByRole("link", { name: "Describe the first app" }));
  await user.click(await screen.findByLabelText(/^Image/));
  await user.paste("ghcr.io/ada/shop:1");
  await user.click(screen.getByRole("button", { name: "Review plan" }));
  await user.click(await screen.findByRole("button", { name: "Deploy" }));
  await screen.findByRole("heading", { name: "shop" });
  stall(server);

  await user.click(screen.getByRole("link", { name: "Shop" }));

  await waitFor(() => expect(address()).toBe("/namespaces/shop-x1"));
  expect(screen.queryByText("No app runs here yet.")).toBeNull();
});

test("after a deletion the list with the app in it is forgotten", async () => {
  const server = startServer();
  server.graph["workload"] = ENGINE;
  server.graph["deleteWorkload"] = () => {
    stall(server);
    return { deletedId: ENGINE.id, errors: [] };
  };
  const user = visit("/namespaces/shop-x1");
  await user.click(await screen.findByRole("link", { name: "engine" }));
  await screen.findByRole("heading", { name: "engine" });
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.type(await screen.findByLabelText("Type engine to confirm"), "engine");

  await user.click(screen.getByRole("button", { name: "Delete app" }));

  await waitFor(() => expect(address()).toBe("/namespaces/shop-x1"));
  expect(screen.queryByRole("link", { name: "engine" })).toBeNull();
});

test("after a namespace was deleted the list with it is forgotten", async () => {
  const server = startServer();
  server.graph["deleteNamespace"] = () => {
    stall(server);
    return { deletedId: "Namespace:1", errors: [] };
  };
  const user = visit("/namespaces");
  await user.click(await screen.findByRole("link", { name: /^Shop/ }));
  await user.click(await screen.findByRole("link", { name: "Settings" }));
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await user.type(await screen.findByLabelText("Type Shop to confirm"), "Shop");

  await user.click(screen.getByRole("button", { name: "Delete namespace" }));

  await waitFor(() => expect(address()).toBe("/namespaces"));
  expect(screen.queryByRole("link", { name: /^Shop/ })).toBeNull();
});
