import type { FormattedExecutionResult } from "graphql";
import { createClient as createSocket } from "graphql-ws";
import { createContext } from "react";
import { Client, fetchExchange, subscriptionExchange } from "urql";

/** The CSRF token that goes with the session's cookie; every POST carries it. */
export function csrfHeaders(): Record<string, string> {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("__Host-moorage-csrf="));
  const token = cookie?.slice(cookie.indexOf("=") + 1);
  return { "Content-Type": "application/json", ...(token ? { "X-CSRF-Token": token } : {}) };
}

/** Whether the live connection stands; false while it is being made again. */
export const Connected = createContext(true);

/** GraphQL over HTTP and, for subscriptions, one WebSocket that is opened when the first needs it. */
export function createClient(onConnected: (connected: boolean) => void): Client {
  const address = new URL("/graphql", window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = createSocket({
    url: address.href,
    keepAlive: 15_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: {
      connected: () => onConnected(true),
      closed: (event) => onConnected((event as CloseEvent).code === 1000),
    },
  });
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: () => ({ headers: csrfHeaders(), credentials: "same-origin" }),
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => {
            const next = (result: FormattedExecutionResult) => sink.next({ ...result, data: result.data ?? null });
            const document = { query: query ?? "", variables: variables as Record<string, unknown> };
            return { unsubscribe: socket.subscribe(document, { ...sink, next }) };
          },
        }),
      }),
    ],
  });
}
