import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { OperationTypeNode } from "graphql";

import { requestHeaders } from "../graph/csrf";
import { chosenOperation } from "./operations";
import type { Variables } from "./subjects";
import { resultsOf } from "./subscription";

type Fetch = typeof fetch;

/**
 * Queries over HTTP, subscriptions over graphql-transport-ws; with the viewer's own session, or with the token that the
 * headers editor has. `onData` is told the data of each answer over HTTP.
 *
 * What is executed is read from the very text that is sent. The editor's own reading lags behind the keys: who executes
 * at once would send a subscription over HTTP, or the name of an operation that is there no longer.
 */
export function createFetcher(onData: (data: unknown) => void): Fetcher {
  const overHttp = createGraphiQLFetcher({ url: "/graphql", fetch: watched(onData) });
  return ({ query, variables, operationName }, { headers = {} } = {}) => {
    const operation = chosenOperation(query, operationName);
    const request = { query, variables: variables as Variables, operationName: operation?.name?.value ?? null };
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return overHttp(request, { headers });
    // The toolkit's type wants errors as the library's own objects; the editor prints them as they were sent.
    return resultsOf(request, authorization(headers)) as AsyncIterable<never>;
  };
}

/** Asks for `query` with the viewer's session; what comes of it is told to `onData` alone. */
export async function ask(query: string, onData: (data: unknown) => void): Promise<void> {
  try {
    await watched(onData)("/graphql", { method: "POST", body: JSON.stringify({ query }) });
  } catch {
    // Without an answer nothing is known; whoever executes something is told why.
  }
}

/** `fetch` with our headers. The CSRF token changes with the session, so it is read anew for each request. */
function watched(onData: (data: unknown) => void): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, headers: withOurs(init?.headers) });
    void tell(response.clone(), onData);
    return response;
  };
}

async function tell(response: Response, onData: (data: unknown) => void): Promise<void> {
  try {
    onData(((await response.json()) as { data?: unknown }).data);
  } catch {
    // No JSON, so no data: the editor shows what came.
  }
}

function withOurs(given: HeadersInit | undefined): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(requestHeaders())) headers.set(name, value);
  return headers;
}

/** A browser's socket has no headers of ours: the token goes with its first message. */
function authorization(headers: Record<string, unknown>): Record<string, string> {
  const typed = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization");
  return typeof typed?.[1] === "string" ? { authorization: typed[1] } : {};
}
