import { createContext, use } from "react";

import type { SessionUser } from "./api";

export interface Session {
  user: SessionUser | null;
  /** Ask the server again who is signed in. */
  refresh: () => Promise<void>;
}

export const SessionContext = createContext<Session>({ user: null, refresh: () => Promise.resolve() });

export function useSession(): Session {
  return use(SessionContext);
}
