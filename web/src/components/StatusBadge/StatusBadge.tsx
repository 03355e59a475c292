import { graphql, readFragment, type FragmentType } from "../../gql";
import type { WorkloadPhase } from "../../gql/graphql";
import { Icon, type IconName } from "../Icon/Icon";
import classes from "./StatusBadge.module.css";

const StatusBadgeFragment = graphql(`
  fragment StatusBadge_status on WorkloadStatus {
    phase
  }
`);

type Tone = "quiet" | "moving" | "ready" | "attention" | "failure";

const SHOWN: Record<WorkloadPhase, { word: string; tone: Tone; icon: IconName }> = {
  PENDING: { word: "Pending", tone: "quiet", icon: "minus" },
  PROGRESSING: { word: "Rolling out", tone: "moving", icon: "waves" },
  READY: { word: "Deployed", tone: "ready", icon: "check" },
  DEGRADED: { word: "Degraded", tone: "attention", icon: "alert" },
  FAILED: { word: "Failing", tone: "failure", icon: "cross" },
  COMPLETED: { word: "Completed", tone: "ready", icon: "check" },
  STOPPED: { word: "Stopped", tone: "quiet", icon: "stop" },
  DELETING: { word: "Deleting", tone: "quiet", icon: "trash" },
  MISSING: { word: "Missing", tone: "attention", icon: "question" },
  UNKNOWN: { word: "Unknown", tone: "attention", icon: "question" },
};

/** An app's state: an icon and a word, never colour alone. */
export function StatusBadge({ status }: { status: FragmentType<typeof StatusBadgeFragment> }) {
  const { word, tone, icon } = SHOWN[readFragment(StatusBadgeFragment, status).phase];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon name={icon} size={12} />
      {word}
    </span>
  );
}
