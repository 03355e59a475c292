import { useRevalidator, useRouteError } from "react-router";

import { FailureNotice } from "./FailureNotice";

/** The error boundary of every page; the frame around it stays, and "Try again" renders the page anew. */
export function RouteFailure() {
  const error = useRouteError();
  const { revalidate } = useRevalidator();
  return <FailureNotice error={error} onRetry={() => void revalidate()} />;
}
