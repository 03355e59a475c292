import type { Preset } from "./SizePicker";

/** How many pods fit; null where the quota is not known. */
export type Room = number | null;

export interface QuotaAmount {
  resource: string;
  used: number;
  hard: number;
}

const NEEDS: Record<string, (preset: Preset) => number> = {
  "limits.cpu": (preset) => preset.cpuLimit,
  "limits.memory": (preset) => preset.memoryLimit,
  "requests.cpu": (preset) => preset.cpuRequest,
  "requests.memory": (preset) => preset.memoryRequest,
  pods: () => 1,
};

/** What an app that is already there takes of the quota, and gives back when it is changed. */
export interface Held {
  preset: Preset;
  replicas: number;
}

/** How many pods of a size fit into what is left of the quota. */
export function roomFor(preset: Preset, quota: readonly QuotaAmount[], held: Held | null): Room {
  const rooms = quota.flatMap(({ resource, used, hard }) => {
    const need = NEEDS[resource];
    if (!need) return [];
    const givenBack = held ? need(held.preset) * held.replicas : 0;
    return [Math.floor((hard - used + givenBack) / need(preset) + 1e-9)];
  });
  return rooms.length === 0 ? null : Math.max(0, Math.min(...rooms));
}
