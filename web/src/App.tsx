import { useCallback, useEffect, useMemo, useState } from "react";
import { RouterProvider } from "react-router";
import { Provider } from "urql";

import { Connected, createClient } from "./client";
import { createRouter } from "./router";
import { fetchUser, SessionContext, type User } from "./session";

/** The session, the connection to the graph, and the pages. */
export function App() {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const [connected, setConnected] = useState(true);
  const refresh = useCallback(async () => setUser(await fetchUser()), []);
  useEffect(() => {
    void fetchUser().then(setUser, () => setUser(null));
  }, []);
  const userId = user?.id;
  // Another user gets a client of their own: a socket keeps the rights that it was opened with.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const client = useMemo(() => createClient(setConnected), [userId]);
  const router = useMemo(() => createRouter(), []);
  const session = useMemo(() => ({ user: user ?? null, refresh }), [user, refresh]);
  if (user === undefined) return null;
  return (
    <SessionContext value={session}>
      <Connected value={connected}>
        <Provider value={client}>
          <RouterProvider router={router} />
        </Provider>
      </Connected>
    </SessionContext>
  );
}
