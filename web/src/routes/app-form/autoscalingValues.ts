import type { AutoscalingShown } from "../../components/AutoscalingText/autoscalingText";
import type { AutoscalingInput } from "../../gql/graphql";

/** Between how many pods the cluster chooses, and what it keeps them near. Numbers are null where their field is empty. */
export interface AutoscalingValues {
  minReplicas: number | null;
  maxReplicas: number | null;
  cpuPercent: number | null;
  /** null: memory has no say. */
  memoryPercent: number | null;
}

const USUAL_PERCENT = 70;

/** Bounds that the present number of pods lies within. */
export function startingAt(replicas: number | null): AutoscalingValues {
  const least = Math.max(replicas ?? 1, 1);
  return { minReplicas: least, maxReplicas: 2 * least, cpuPercent: USUAL_PERCENT, memoryPercent: null };
}

export function autoscalingOf(shown: AutoscalingShown | null | undefined): AutoscalingValues | null {
  if (!shown) return null;
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent } = shown;
  return { minReplicas, maxReplicas, cpuPercent, memoryPercent: memoryPercent ?? null };
}

export function toAutoscaling(values: AutoscalingValues | null): AutoscalingInput | null {
  if (!values) return null;
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent } = values;
  return {
    minReplicas: minReplicas ?? 0,
    maxReplicas: maxReplicas ?? 0,
    cpuPercent: cpuPercent ?? 0,
    memoryPercent,
  };
}
