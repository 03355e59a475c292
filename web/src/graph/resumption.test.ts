import { MessageType, type SubscribeMessage } from "graphql-ws";
import { Kind, OperationTypeNode, type DocumentNode, type FieldNode, type OperationDefinitionNode } from "graphql";
import { beforeEach, describe, expect, test, vi } from "vitest";

import * as documents from "../gql/graphql";
import { schema } from "../test/server";
import { SocketServer } from "../test/socket";
import { ConnectionMonitor } from "./connection";
import { createSocket } from "./socket";
import { lastingSubscriptions, type Subscribe } from "./subscriptions";

const LONGEST_RETRY_MS = 8_000;
const QUERY = "subscription ($slug: String!, $after: String) { namespaceUpdated(slug: $slug, after: $after) { kind cursor } }";

let server: SocketServer;
let subscribe: Subscribe;

beforeEach(() => {
  vi.useFakeTimers();
  server = new SocketServer().start();
  const monitor = new ConnectionMonitor();
  const onSignedOut = () => undefined;
  const socket = createSocket({ url: "ws://moorage.example/graphql", monitor, onSignedOut });
  subscribe = lastingSubscriptions({ socket, monitor, onSignedOut });
});

/** Subscribes to a namespace, and gives what it is told and what ends it. */
async function watch(slug = "shop-x1") {
  const told: unknown[] = [];
  const ends: unknown[] = [];
  const sink = { next: ({ data }: { data?: unknown }) => told.push(data), error: (error: unknown) => ends.push(error) };
  subscribe({ query: QUERY, variables: { slug } }, { ...sink, complete: () => ends.push("done") });
  await pass(0);
  return { told, ends };
}

async function pass(milliseconds: number) {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Sends a message to what is subscribed to, all of it or that of one namespace. */
function tell(message: object, slug = "shop-x1") {
  const subscriptions = server.latest.subscriptions.filter(({ payload }) => payload.variables?.["slug"] === slug);
  for (const { id } of subscriptions) {
    server.latest.receive({ type: MessageType.Next, id, payload: { data: { namespaceUpdated: message } } });
  }
}

/** Ends what is subscribed to with an error. */
async function refuse(code: string) {
  for (const { id } of server.latest.subscriptions) {
    server.latest.receive({ type: MessageType.Error, id, payload: [{ message: "No.", extensions: { code } }] as never });
  }
  await pass(LONGEST_RETRY_MS);
}

async function reconnect() {
  server.latest.drop(1006);
  await pass(LONGEST_RETRY_MS);
}

function asked(subscriptions: SubscribeMessage[] = server.latest.subscriptions) {
  return subscriptions.map(({ payload }) => payload.variables);
}

describe("a connection that comes back", () => {
  test("goes on from the last cursor that was told", async () => {
    await watch();
    expect(asked()).toEqual([{ slug: "shop-x1" }]);
    tell({ kind: "SYNCED", cursor: "one" });
    tell({ kind: "CHANGE", cursor: "two" });

    await reconnect();

    expect(asked()).toEqual([{ slug: "shop-x1", after: "two" }]);
  });

  test("goes on each time from the latest", async () => {
    await watch();
    tell({ kind: "SYNCED", cursor: "one" });
    await reconnect();
    tell({ kind: "CHANGE", cursor: "two" });

    await reconnect();

    expect(asked()).toEqual([{ slug: "shop-x1", after: "two" }]);
  });

  test("begins anew where the first snapshot was not whole", async () => {
    await watch();
    tell({ kind: "SNAPSHOT", cursor: null });

    await reconnect();

    expect(asked()).toEqual([{ slug: "shop-x1" }]);
  });

  test("goes on from before a snapshot that was not whole", async () => {
    await watch();
    tell({ kind: "SYNCED", cursor: "one" });
    tell({ kind: "RESET", cursor: null });
    tell({ kind: "SNAPSHOT", cursor: null });

    await reconnect();

    expect(asked()).toEqual([{ slug: "shop-x1", after: "one" }]);
  });

  test("goes on from a message that says that some were left out", async () => {
    const { told } = await watch();
    tell({ kind: "LAGGED", cursor: "nine" });

    await reconnect();

    expect(told).toEqual([{ namespaceUpdated: { kind: "LAGGED", cursor: "nine" } }]);
    expect(asked()).toEqual([{ slug: "shop-x1", after: "nine" }]);
  });

  test("has each subscription go on from its own place", async () => {
    await watch("shop-x1");
    await watch("mill-x2");
    tell({ kind: "SYNCED", cursor: "of the shop" }, "shop-x1");
    tell({ kind: "SYNCED", cursor: "of the mill" }, "mill-x2");

    await reconnect();

    expect(asked()).toEqual([
      { slug: "shop-x1", after: "of the shop" },
      { slug: "mill-x2", after: "of the mill" },
    ]);
  });
});

test("what came while the connection was lost is told once, and nothing else twice", async () => {
  const { told } = await watch();
  const messages = ["one", "two", "three", "four"].map((cursor) => ({ kind: "CHANGE", cursor }));
  const tellFrom = (after: unknown, until: number) => {
    const first = messages.findIndex(({ cursor }) => cursor === after) + 1;
    messages.slice(first, until).forEach((message) => tell(message));
  };
  tellFrom(asked()[0]?.["after"], 2);

  await reconnect();
  tellFrom(asked()[0]?.["after"], 4);

  expect(told).toEqual(messages.map((message) => ({ namespaceUpdated: message })));
});

test("a subscription that the server ended for a reason that passes goes on from the last cursor", async () => {
  const { ends } = await watch();
  tell({ kind: "SYNCED", cursor: "one" });

  await refuse("UNAVAILABLE");

  expect(asked().at(-1)).toEqual({ slug: "shop-x1", after: "one" });
  expect(ends).toEqual([]);
});

test("a cursor that the server cannot read is forgotten, and the subscription begins anew", async () => {
  const { ends } = await watch();
  tell({ kind: "SYNCED", cursor: "of another version" });
  await reconnect();

  await refuse("BAD_USER_INPUT");

  expect(asked().at(-1)).toEqual({ slug: "shop-x1" });
  expect(ends).toEqual([]);
});

test("a subscription that is refused without a cursor is not tried again", async () => {
  const { ends } = await watch();

  await refuse("BAD_USER_INPUT");

  expect(server.sockets).toHaveLength(1);
  expect(server.latest.subscriptions).toEqual([]);
  expect(ends).toHaveLength(1);
});

/** The subscriptions of the app, by name: its root field, and the names of the operation's variables. */
function subscriptions(): [name: string, field: FieldNode, variables: string[]][] {
  const exported = Object.values(documents) as Partial<DocumentNode>[];
  const operations = exported
    .flatMap(({ definitions = [] }) => definitions)
    .filter((each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION)
    .filter(({ operation }) => operation === OperationTypeNode.SUBSCRIPTION);
  return operations.map(({ name, selectionSet, variableDefinitions = [] }) => [
    name?.value ?? "",
    selectionSet.selections[0] as FieldNode,
    variableDefinitions.map(({ variable }) => variable.name.value),
  ]);
}

test.each(subscriptions())("the subscription %s goes on from its cursor, where the field lets it", (_, field, variables) => {
  const takes = schema.getSubscriptionType()?.getFields()[field.name.value]?.args.some(({ name }) => name === "after");
  const given = field.arguments?.some(({ name }) => name.value === "after");
  const selected = field.selectionSet?.selections.some((each) => each.kind === Kind.FIELD && each.name.value === "cursor");

  expect([variables.includes("after"), given, selected]).toEqual([takes, takes, takes]);
});
