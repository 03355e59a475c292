import type { VolumeClaimPhase } from "../../gql/graphql";

const PHASES: Record<VolumeClaimPhase, string> = {
  BOUND: "Bound",
  PENDING: "Waiting for a disk",
  LOST: "Lost: the disk is gone from the cluster",
  TERMINATING: "Being deleted",
};

/** How far a disk is, in words. */
export function phaseText(phase: VolumeClaimPhase): string {
  return PHASES[phase];
}
