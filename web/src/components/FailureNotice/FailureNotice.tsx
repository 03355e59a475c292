import { Anchor, Button } from "@mantine/core";
import { Link } from "react-router";

import { failureOf } from "../../graph/errors";
import { Notice } from "./Notice";

/** Failures that trying again does not mend. */
const FINAL = ["UNAUTHENTICATED", "FORBIDDEN", "BROKEN"];

/** A failed request or a broken page, told by its code, with the way out. */
export function FailureNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, title, message } = failureOf(error);
  return (
    <Notice tone="failure" title={title}>
      <p>{message}</p>
      {code === "UNAUTHENTICATED" && (
        <Anchor component={Link} to="/login">
          Log in
        </Anchor>
      )}
      {onRetry && !FINAL.includes(code) && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
      {code === "BROKEN" && (
        <Button size="xs" variant="default" onClick={() => window.location.reload()}>
          Reload the page
        </Button>
      )}
    </Notice>
  );
}
