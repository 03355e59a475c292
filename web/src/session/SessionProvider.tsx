import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import { fetchSession, type SessionUser } from "./api";
import { SessionContext } from "./session";

/** Knows who is signed in. Shows nothing until the server has said so, and takes silence for nobody. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [user, setUser] = useState<SessionUser | null | undefined>(undefined);
  const refresh = useCallback(async () => setUser(await fetchSession().catch(() => null)), []);
  useEffect(() => {
    void fetchSession().then(setUser, () => setUser(null));
  }, []);
  const session = useMemo(() => ({ user: user ?? null, refresh }), [user, refresh]);
  return user === undefined ? null : <SessionContext value={session}>{children}</SessionContext>;
}
