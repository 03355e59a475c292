import { Badge } from "@mantine/core";

import type { WorkloadPhase } from "../gql/graphql";

const SHOWN: Record<WorkloadPhase, { word: string; color: string; sign: string }> = {
  PENDING: { word: "Pending", color: "gray", sign: "○" },
  PROGRESSING: { word: "Rolling out", color: "teal", sign: "◐" },
  READY: { word: "Deployed", color: "green", sign: "●" },
  DEGRADED: { word: "Degraded", color: "orange", sign: "▲" },
  FAILED: { word: "Failing", color: "red", sign: "✕" },
  STOPPED: { word: "Stopped", color: "gray", sign: "■" },
  DELETING: { word: "Deleting", color: "gray", sign: "…" },
  MISSING: { word: "Missing", color: "orange", sign: "?" },
  UNKNOWN: { word: "Unknown", color: "gray", sign: "?" },
};

/** An app's state by sign, word and colour. */
export function StatusBadge({ phase }: { phase: WorkloadPhase }) {
  const { word, color, sign } = SHOWN[phase];
  return (
    <Badge color={color} variant="light" leftSection={<span aria-hidden="true">{sign}</span>} tt="none" radius="sm">
      {word}
    </Badge>
  );
}
