import type { PodState, RolloutStrip_RolloutFragment } from "../../gql/graphql";

export type Cell = RolloutStrip_RolloutFragment["cells"][number];

/** The states of a pod in words, in the order in which a pod goes through them. */
export const STATE_WORDS: Record<PodState, string> = {
  PENDING: "waiting",
  STARTING: "starting",
  RUNNING: "running, not ready",
  READY: "ready",
  FAILED: "failing",
  SUCCEEDED: "ended",
  TERMINATING: "stopping",
};

/** `revision 3: 1 stopping; revision 4: 2 ready, 1 starting` */
export function describeStrip(cells: readonly Cell[]): string {
  if (cells.length === 0) return "No pods";
  const old = describeGroup(cells.filter((cell) => !cell.isCurrent));
  const current = describeGroup(cells.filter((cell) => cell.isCurrent));
  return `Pods of ${[old, current].filter(Boolean).join("; ")}`;
}

export function describeCell(cell: Cell): string {
  const reason = cell.reason ? ` (${cell.reason})` : "";
  return `${cell.podName ?? "A pod to come"}: ${STATE_WORDS[cell.state]}${reason}`;
}

/** How many cells are in each state; states that no cell is in are left out. */
export function countStates(cells: readonly Cell[]): [state: PodState, count: number][] {
  const states = Object.keys(STATE_WORDS) as PodState[];
  return states
    .map((state): [PodState, number] => [state, cells.filter((cell) => cell.state === state).length])
    .filter(([, count]) => count > 0);
}

function describeGroup(cells: readonly Cell[]): string {
  const [first] = cells;
  if (!first) return "";
  const counts = countStates(cells).map(([state, count]) => `${count} ${STATE_WORDS[state]}`);
  return `revision ${first.revision ?? "unknown"}: ${counts.join(", ")}`;
}
