import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { localStorageColorSchemeManager } from "@mantine/core";
import { GraphiQL } from "graphiql";
import { type DocumentNode, parse } from "graphql";
import { createClient } from "graphql-ws";
import { useState } from "react";

import { socketUrl } from "../graph/client";
import { requestHeaders } from "../graph/csrf";
import { DEFAULT_QUERY } from "./defaultQuery";

/** GraphiQL with the viewer's own session: queries over HTTP, subscriptions over graphql-transport-ws. */
export function Explorer() {
  const [fetcher] = useState(() =>
    byWhatIsSent(
      createGraphiQLFetcher({
        url: "/graphql",
        // The token changes with the session, so it is read anew for each request.
        fetch: (input, init) => fetch(input, { ...init, headers: withOurs(init?.headers) }),
        wsClient: createClient({ url: socketUrl(window.location.href) }),
      }),
    ),
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={DEFAULT_QUERY}
      defaultTheme={chosenScheme()}
      // What is asked may hold secrets: it goes with the tab, and is not left to who uses this browser next.
      storage={sessionStorage}
    />
  );
}

/**
 * Chooses between HTTP and the socket by the very text that is sent. The editor's own parse of it lags behind the keys:
 * who executes at once would send a subscription over HTTP.
 */
function byWhatIsSent(fetcher: Fetcher): Fetcher {
  return (params, options) => fetcher(params, { ...options, ...parsed(params.query) });
}

/** The document, where it can be read; where it cannot, the server says why. */
function parsed(query: string): { documentAST?: DocumentNode } {
  try {
    return { documentAST: parse(query) };
  } catch {
    return {};
  }
}

/** Day or night as the app was set to on this device; null: as the system has it. */
function chosenScheme(): "light" | "dark" | null {
  const scheme = localStorageColorSchemeManager().get("auto");
  return scheme === "auto" ? null : scheme;
}

function withOurs(given: HeadersInit | undefined): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(requestHeaders())) headers.set(name, value);
  return headers;
}
