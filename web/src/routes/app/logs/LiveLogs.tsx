import { Button } from "@mantine/core";
import { useState } from "react";

import { EmptyState } from "../../../components/EmptyState/EmptyState";
import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { Icon } from "../../../components/Icon/Icon";
import { useConnectionState } from "../../../graph/connection";
import { failureOf } from "../../../graph/errors";
import type { Choice } from "./choice";
import classes from "./Logs.module.css";
import { LogView } from "./LogView";
import { PodIsGone } from "./PodIsGone";
import type { Kept } from "./store";
import { useLogLines } from "./useLogLines";

export interface LiveLogsProps {
  workload: string;
  choice: Choice;
  /** Whether there is a pod that could write. */
  canWrite: boolean;
  hasContainers: boolean;
  onRetry: () => void;
  onAllPods: () => void;
}

/** What is written now. While it is paused, what comes is counted, and shown afterwards. */
export function LiveLogs({ workload, choice, canWrite, hasContainers, onRetry, onAllPods }: LiveLogsProps) {
  const { kept, error } = useLogLines(workload, choice);
  const [paused, setPaused] = useState<Kept | null>(null);
  const shown = paused ?? kept;
  if (error && choice.pod && failureOf(error).code === "NOT_FOUND") {
    return <PodIsGone pod={choice.pod} onAllPods={onAllPods} />;
  }
  const isOver = kept.end !== null || error !== undefined;
  return (
    <>
      {error && (
        <div className={classes.failure}>
          <FailureNotice error={error} onRetry={onRetry} />
        </div>
      )}
      <LogView
        kept={shown}
        held={kept.total - shown.total}
        onRelease={() => setPaused(null)}
        hasPods={choice.pod === null}
        hasContainers={hasContainers}
        empty={<EmptyState icon="waves">{emptyText(canWrite, isOver)}</EmptyState>}
      >
        <LiveState isPaused={paused !== null} isOver={isOver} />
        {!(isOver && paused === null) && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name={paused ? "play" : "pause"} />}
            onClick={() => setPaused(paused ? null : kept)}
          >
            {paused ? "Resume" : "Pause"}
          </Button>
        )}
      </LogView>
    </>
  );
}

function emptyText(canWrite: boolean, isOver: boolean): string {
  if (isOver) return "Nothing was written.";
  return canWrite
    ? "Nothing has been written yet. Lines stand here as soon as they come."
    : "No pod is there: the app is stopped, or has not started yet. Lines stand here as soon as one writes.";
}

/** Whether lines come, in a word. */
function LiveState({ isPaused, isOver }: { isPaused: boolean; isOver: boolean }) {
  const isLost = useConnectionState() === "reconnecting";
  const state = isOver ? "Ended" : isLost ? "Reconnecting…" : isPaused ? "Paused" : "Live";
  return (
    <span className={classes.state} data-state={isOver || isPaused ? "still" : isLost ? "lost" : "live"} role="status">
      {state}
    </span>
  );
}
