import { Button } from "@mantine/core";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import { Notice } from "../components/FailureNotice/Notice";
import { fetchSession, type SessionUser } from "./api";
import { SessionContext, type Session } from "./session";
import classes from "./SessionProvider.module.css";

type Known = Pick<Session, "user" | "isEnded" | "hasLeft">;
/** `silent`: the server has not answered yet, and the last try failed. */
type State = Known | "loading" | "silent";

const NOBODY: Known = { user: null, isEnded: false, hasLeft: false };

/** Knows who is signed in. Shows nothing until the server has said so. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>("loading");
  const refresh = useCallback(
    () =>
      fetchSession().then(
        (user) => setState((known) => afterAnswer(known, user)),
        () => setState((known) => (known === "loading" ? "silent" : known)),
      ),
    [],
  );
  const leave = useCallback(() => {
    window.sessionStorage.clear(); // what was asked in the explorer may hold secrets
    setState({ ...NOBODY, hasLeft: true });
  }, []);
  useEffect(() => void refresh(), [refresh]);
  useEffect(() => whenLookedAt(() => void refresh()), [refresh]);
  const session = useMemo(
    () => (typeof state === "object" ? { ...state, refresh, leave } : null),
    [state, refresh, leave],
  );
  if (state === "silent") return <Silent onRetry={() => void refresh()} />;
  return session && <SessionContext value={session}>{children}</SessionContext>;
}

/** What is known once the server has named `user`. Who was signed in and is no more keeps what they have open. */
function afterAnswer(known: State, user: SessionUser | null): State {
  const before = typeof known === "object" ? known : NOBODY;
  if (!user) return before.user ? { ...before, isEnded: true } : before;
  const isSame = !before.isEnded && JSON.stringify(before.user) === JSON.stringify(user);
  return isSame ? before : { ...NOBODY, user };
}

/** Somebody may have signed in or out in another tab meanwhile. */
function whenLookedAt(look: () => void): () => void {
  const seen = () => {
    if (!document.hidden) look();
  };
  document.addEventListener("visibilitychange", seen);
  return () => document.removeEventListener("visibilitychange", seen);
}

function Silent({ onRetry }: { onRetry: () => void }) {
  return (
    <main className={classes.silent}>
      <Notice tone="failure" title="The server does not answer">
        <p>Check your connection, then try again.</p>
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Notice>
    </main>
  );
}
