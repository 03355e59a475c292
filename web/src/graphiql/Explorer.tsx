import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { useState } from "react";

import { socketUrl } from "../graph/client";
import { requestHeaders } from "../graph/csrf";
import { DEFAULT_QUERY } from "./defaultQuery";

/** GraphiQL with the viewer's own session: queries over HTTP, subscriptions over graphql-transport-ws. */
export function Explorer() {
  const [fetcher] = useState(() =>
    createGraphiQLFetcher({
      url: "/graphql",
      // The token changes with the session, so it is read anew for each request.
      fetch: (input, init) => fetch(input, { ...init, headers: { ...headersOf(init), ...requestHeaders() } }),
      wsClient: createClient({ url: socketUrl(window.location.href) }),
    }),
  );
  return <GraphiQL fetcher={fetcher} defaultQuery={DEFAULT_QUERY} />;
}

function headersOf(init: RequestInit | undefined): Record<string, string> {
  return Object.fromEntries(new Headers(init?.headers));
}
