import { graphql, readFragment, type FragmentType } from "../gql";
import type { PodState } from "../gql/graphql";
import classes from "./RolloutStrip.module.css";

const StripFragment = graphql(`
  fragment RolloutStrip_rollout on Rollout {
    cells {
      podName
      revision
      isCurrent
      state
      reason
    }
  }
`);

const WORDS: Record<PodState, string> = {
  PENDING: "waiting",
  STARTING: "starting",
  RUNNING: "running, not ready yet",
  READY: "ready",
  FAILED: "failing",
  SUCCEEDED: "ended",
  TERMINATING: "stopping",
};

/** One cell a pod, the old revision on the left, the new one on the right; state by shape and colour. */
export function RolloutStrip({ rollout, small = false }: { rollout: FragmentType<typeof StripFragment>; small?: boolean }) {
  const { cells } = readFragment(StripFragment, rollout);
  const ready = cells.filter((cell) => cell.isCurrent && cell.state === "READY").length;
  const wanted = cells.filter((cell) => cell.isCurrent).length;
  return (
    <div className={classes.strip} data-small={small || undefined} role="img" aria-label={`${ready} of ${wanted} pods of this revision are ready`}>
      {cells.map((cell, index) => (
        <span
          key={cell.podName ?? `to-come-${index}`}
          className={classes.cell}
          data-state={cell.state}
          data-old={!cell.isCurrent || undefined}
          title={`${cell.podName ?? "to come"}: ${WORDS[cell.state]}${cell.reason ? ` (${cell.reason})` : ""}`}
        />
      ))}
    </div>
  );
}
