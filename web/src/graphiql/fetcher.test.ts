import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { MessageType } from "graphql-ws";
import { beforeEach, expect, test, vi } from "vitest";

import { SocketServer } from "../test/socket";
import { createFetcher } from "./fetcher";

const SUBSCRIPTION = 'subscription { namespaceUpdated(slug: "shop") { kind } }';
const REFUSED = [{ message: "There is no such namespace.", extensions: { code: "NOT_FOUND" } }];

let server: SocketServer;
let posted: FetcherParams[];

beforeEach(() => {
  server = new SocketServer().start();
  posted = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    posted.push(JSON.parse(init.body as string) as FetcherParams);
    return Promise.resolve(Response.json({ data: {} }));
  });
});

/** What the editor would show, one after the other, until nothing follows. */
async function shown(params: FetcherParams, options?: Parameters<Fetcher>[1]): Promise<unknown[]> {
  const results: unknown[] = [];
  for await (const result of (await createFetcher(() => undefined)(params, options)) as AsyncIterable<unknown>) {
    results.push(result);
  }
  return results;
}

/** The only subscription there is, once there is one. */
function subscribed() {
  return vi.waitFor(() => {
    const [subscription] = server.latest.subscriptions;
    if (!subscription) throw new Error("Nothing is subscribed to.");
    return subscription;
  });
}

test("A subscription that is refused has its errors as its result, as a query has", async () => {
  const results = shown({ query: SUBSCRIPTION });

  const { id } = await subscribed();
  server.latest.receive({ type: MessageType.Error, id, payload: REFUSED });

  expect(await results).toEqual([{ errors: REFUSED }]);
});

test("One that is ended later shows what came, then why it ended", async () => {
  const results = shown({ query: SUBSCRIPTION });

  const { id } = await subscribed();
  server.latest.receive({ type: MessageType.Next, id, payload: { data: { namespaceUpdated: { kind: "SYNCED" } } } });
  server.latest.receive({ type: MessageType.Error, id, payload: REFUSED });

  expect(await results).toEqual([{ data: { namespaceUpdated: { kind: "SYNCED" } } }, { errors: REFUSED }]);
});

test("A token that does not do is told in the server's words, and not tried again", async () => {
  const results = shown({ query: SUBSCRIPTION }, { headers: { Authorization: "Bearer mrg_old" } });

  await subscribed();
  server.latest.drop(4403, "This token has expired.");

  expect(await results).toEqual([{ errors: [{ message: "This token has expired.", extensions: { closeCode: 4403 } }] }]);
  expect(server.sockets).toHaveLength(1);
});

test("One that is stopped ends at the server too", async () => {
  const stream = (await createFetcher(() => undefined)({ query: SUBSCRIPTION })) as AsyncIterable<unknown>;
  const results = stream[Symbol.asyncIterator]();
  const next = results.next();
  await subscribed();

  await results.return?.();

  expect((await next).done).toBe(true);
  await vi.waitFor(() => expect(server.latest.sent.map(({ type }) => type)).toContain(MessageType.Complete));
});

test("The chosen one of several operations decides what it goes by", async () => {
  const query = `query A { cluster { kind } } ${SUBSCRIPTION.replace("subscription", "subscription B")}`;

  await shown({ query, operationName: "A" });
  void shown({ query, operationName: "B" });

  expect((await subscribed()).payload.operationName).toBe("B");
  expect(posted.map(({ operationName }) => operationName)).toEqual(["A"]);
});

test.each([
  ["has another name by now", "query Now { cluster { kind } }", "Now"],
  ["cannot be read", "query Before {", null],
])("An operation that %s is not sent under the name it had", async (_, query, name) => {
  await shown({ query, operationName: "Before" });

  expect(posted).toEqual([{ query, operationName: name }]);
});
