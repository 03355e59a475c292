import { useState } from "react";
import { RouterProvider } from "react-router";

import { GraphProvider } from "./graph/GraphProvider";
import { createRouter } from "./router";
import { SessionProvider } from "./session/SessionProvider";

/** Who is signed in, the graph as they see it, and the pages. */
export function App() {
  const [router] = useState(createRouter);
  return (
    <SessionProvider>
      <GraphProvider>
        <RouterProvider router={router} />
      </GraphProvider>
    </SessionProvider>
  );
}
