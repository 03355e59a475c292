export interface AutoscalingShown {
  minReplicas: number;
  maxReplicas: number;
  cpuPercent: number;
  memoryPercent?: number | null;
}

/** Between which numbers of pods, and by what: `2 to 6, CPU near 70%, memory near 80%`. */
export function autoscalingText({ minReplicas, maxReplicas, cpuPercent, memoryPercent }: AutoscalingShown): string {
  const memory = memoryPercent == null ? "" : `, memory near ${memoryPercent}%`;
  return `${minReplicas} to ${maxReplicas}, CPU near ${cpuPercent}%${memory}`;
}
