import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from "@graphiql/toolkit";
import { type DocumentNode, Kind, parse } from "graphql";
import { createClient } from "graphql-ws";

import { socketUrl } from "../graph/client";
import { requestHeaders } from "../graph/csrf";

type Fetch = typeof fetch;

/**
 * Queries over HTTP, subscriptions over graphql-transport-ws; with the viewer's own session, or with the token that the
 * headers editor has. `onData` is told the data of each answer over HTTP.
 */
export function createFetcher(onData: (data: unknown) => void): Fetcher {
  return (params, options) => {
    // A socket of its own for each subscription: the token that it is opened with is the one that is typed now.
    const wsClient = createClient({
      url: socketUrl(window.location.href),
      connectionParams: authorization(options?.headers),
    });
    const fetcher = createGraphiQLFetcher({ url: "/graphql", fetch: watched(onData), wsClient });
    const document = parsed(params.query);
    return fetcher(withOwnName(params, document), { ...options, ...(document ? { documentAST: document } : {}) });
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

/**
 * The document of the very text that is sent, by which the toolkit chooses between HTTP and the socket. The editor's own
 * parse of it lags behind the keys: who executes at once would send a subscription over HTTP, or the name of an operation
 * that is there no longer. Where the text cannot be read, the server says why.
 */
function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

function withOwnName(params: FetcherParams, document: DocumentNode | null): FetcherParams {
  const operations = document?.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION) ?? [];
  if (operations.some(({ name }) => name?.value === params.operationName)) return params;
  return { ...params, operationName: operations.length === 1 ? (operations[0]?.name?.value ?? null) : null };
}

function withOurs(given: HeadersInit | undefined): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(requestHeaders())) headers.set(name, value);
  return headers;
}

/** A browser's socket has no headers of ours: the token goes with its first message. */
function authorization(headers: Record<string, unknown> | undefined): Record<string, string> {
  const typed = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "authorization");
  return typeof typed?.[1] === "string" ? { authorization: typed[1] } : {};
}
