import type { FormattedExecutionResult } from "graphql";
import { Client, fetchExchange, mapExchange, subscriptionExchange, type ClientOptions, type CombinedError, type Exchange } from "urql";

import { createCache } from "./cache";
import { requestHeaders } from "./csrf";
import { lastingSubscriptions, type LastingOptions, type Subscribe } from "./subscriptions";

const HTTP: Omit<ClientOptions, "exchanges"> = {
  url: "/graphql",
  preferGetMethod: false,
  fetchOptions: () => ({ headers: requestHeaders(), credentials: "same-origin" }),
};

/** GraphQL over HTTP, and over the socket for subscriptions; both feed one normalised cache. */
export function createGraphClient(options: LastingOptions): Client {
  return new Client({
    ...HTTP,
    requestPolicy: "cache-and-network",
    exchanges: [createCache(), sessionEnd(options.onSignedOut), fetchExchange, subscriptions(lastingSubscriptions(options))],
  });
}

/** GraphQL over HTTP with no cache: nothing of an answer is kept but what its reader keeps. */
export function createUncachedClient(onSignedOut: () => void): Client {
  return new Client({ ...HTTP, exchanges: [sessionEnd(onSignedOut), fetchExchange] });
}

/** The address of the graph's WebSocket, on the server that served this page. */
export function socketUrl(page: string): string {
  const address = new URL("/graphql", page);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

function sessionEnd(onSignedOut: () => void): Exchange {
  const isSignedOut = ({ graphQLErrors }: CombinedError) =>
    graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED");
  return mapExchange({ onError: (error) => isSignedOut(error) && onSignedOut() });
}

function subscriptions(subscribe: Subscribe): Exchange {
  return subscriptionExchange({
    forwardSubscription: ({ query, variables }) => ({
      subscribe: (sink) => {
        const next = (result: FormattedExecutionResult) => sink.next({ ...result, data: result.data ?? null });
        const request = { query: query ?? "", variables: variables as Record<string, unknown> };
        return { unsubscribe: subscribe(request, { ...sink, next }) };
      },
    }),
  });
}
