import { useCallback, useEffect, useRef } from "react";
import { useLocation, useNavigate, useRouteError } from "react-router";

import { useSession } from "../../session/session";
import { FailureNotice } from "./FailureNotice";

/**
 * The error boundary of every page; the frame around it stays. "Try again" goes to the same address once more: the
 * router forgets the failure with a navigation, and with a revalidation only where routes have loaders. A part that
 * could not be loaded is remembered as such by the router and by React: that takes a reload.
 */
export function RouteFailure() {
  const error = useRouteError();
  const here = useLocation();
  const navigate = useNavigate();
  const tryAgain = useCallback(() => void navigate(here, { replace: true }), [here, navigate]);
  useOnceSignedInAgain(tryAgain);
  return <FailureNotice error={error} onRetry={tryAgain} />;
}

function useOnceSignedInAgain(act: () => void): void {
  const { isEnded } = useSession();
  const wasEnded = useRef(isEnded);
  useEffect(() => {
    if (wasEnded.current && !isEnded) act();
    wasEnded.current = isEnded;
  }, [isEnded, act]);
}
