import { Button } from "@mantine/core";

import { Notice } from "../../../components/FailureNotice/Notice";
import { LeftOutList } from "./LeftOutList";
import type { Report } from "./pasted";

const SOURCES: Record<Report["source"], string> = {
  DOCKER_RUN: "a docker run line",
  COMPOSE: "a compose file",
  KUBERNETES: "Kubernetes YAML",
};

/** What became of a text that filled the form: what it was taken for, and what of it fits no field. */
export function PasteNotice({ report, onDismiss }: { report: Report; onDismiss: () => void }) {
  const { source, hasPort, secretNames, leftOut } = report;
  return (
    <Notice tone={leftOut.length > 0 ? "attention" : "quiet"} title="Filled from what you pasted">
      <p>
        It was read as {SOURCES[source]}.
        {!hasPort && " It names no port, so the app has none: fill it in if the app answers requests."}
      </p>
      {secretNames.length > 0 && (
        <p>
          Secrets, by their names: <span className="mono">{secretNames.join(", ")}</span>
        </p>
      )}
      {leftOut.length > 0 && <LeftOutList leftOut={leftOut} />}
      <Button size="xs" variant="default" onClick={onDismiss}>
        Dismiss
      </Button>
    </Notice>
  );
}
