import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";

import { useSession } from "./session";
import { SignInAgain } from "./SignInAgain";

/** Pages for those who are signed in; anybody else signs in first, and comes back. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { user, isEnded, hasLeft } = useSession();
  const { pathname, search } = useLocation();
  if (!user) return <Navigate to={hasLeft ? "/" : `/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  return (
    <>
      {children}
      {isEnded && <SignInAgain email={user.email} />}
    </>
  );
}
