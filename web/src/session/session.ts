import { createContext, use } from "react";

import type { SessionUser } from "./api";

export interface Session {
  /** Who is signed in, or was until the server ended the session: what they have open stays open. */
  user: SessionUser | null;
  /** The session of `user` is over; they sign in again where they are. */
  isEnded: boolean;
  /** Somebody was signed in here, and has logged out. */
  hasLeft: boolean;
  /** Ask the server again who is signed in. A server that does not answer changes nothing. */
  refresh: () => Promise<void>;
  /** Forget `user`, who has logged out. */
  leave: () => void;
}

export const SessionContext = createContext<Session>({
  user: null,
  isEnded: false,
  hasLeft: false,
  refresh: () => Promise.resolve(),
  leave: () => undefined,
});

export function useSession(): Session {
  return use(SessionContext);
}
