import { useLocation, useNavigate, useRouteError } from "react-router";

import { FailureNotice } from "./FailureNotice";

/**
 * The error boundary of every page; the frame around it stays. "Try again" goes to the same address once more: the
 * router forgets the failure with a navigation, and with a revalidation only where routes have loaders.
 */
export function RouteFailure() {
  const error = useRouteError();
  const here = useLocation();
  const navigate = useNavigate();
  return <FailureNotice error={error} onRetry={() => void navigate(here, { replace: true })} />;
}
