import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { Notice } from "../../../components/FailureNotice/Notice";
import { LeftOutList } from "./LeftOutList";
import { NoteList } from "./NoteList";
import type { Report } from "./pasted";

const SOURCES: Record<Report["source"], string> = {
  DOCKER_RUN: "a docker run line",
  COMPOSE: "a compose file",
  KUBERNETES: "Kubernetes YAML",
};
/** How many of what was left out are in sight at first: more would push the form off the screen. */
const MOST_AT_FIRST = 5;

/** What became of a text that filled the form: what it was taken for, and what of it fits no field. */
export function PasteNotice({ report, onDismiss }: { report: Report; onDismiss: () => void }) {
  const { source, hasPort, secretNames, notes, leftOut } = report;
  const [isWhole, { toggle }] = useDisclosure(false);
  return (
    <Notice tone={leftOut.length + notes.length > 0 ? "attention" : "quiet"} title="Filled from what you pasted">
      <p>
        It was read as {SOURCES[source]}.
        {!hasPort && " It names no port, so the app has none: fill it in if the app answers requests."}
      </p>
      {secretNames.length > 0 && (
        <p>
          Secrets, by their names: <span className="mono">{secretNames.join(", ")}</span>
        </p>
      )}
      {notes.length > 0 && <NoteList notes={notes} />}
      {leftOut.length > 0 && <LeftOutList leftOut={leftOut} most={isWhole ? leftOut.length : MOST_AT_FIRST} />}
      <Group gap="xs">
        {leftOut.length > MOST_AT_FIRST && (
          <Button size="xs" variant="default" aria-expanded={isWhole} onClick={toggle}>
            {isWhole ? `Show ${MOST_AT_FIRST} of them` : `Show all ${leftOut.length}`}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onDismiss}>
          Dismiss
        </Button>
      </Group>
    </Notice>
  );
}
