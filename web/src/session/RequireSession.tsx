import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";

import { useSession } from "./session";

/** Pages for those who are signed in; anybody else signs in first, and comes back. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { user } = useSession();
  const { pathname, search } = useLocation();
  if (user) return children;
  return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
}
