import type { Amounts } from "./resources";

/** How many pods fit; null where the quota is not known. */
export type Room = number | null;

export interface QuotaAmount {
  resource: string;
  used: number;
  hard: number;
}

const MIB = 2 ** 20;
const NEEDS: Record<string, (pod: Amounts) => number> = {
  "limits.cpu": (pod) => pod.cpuLimitMillicores / 1000,
  "limits.memory": (pod) => pod.memoryLimitMib * MIB,
  "requests.cpu": (pod) => pod.cpuRequestMillicores / 1000,
  "requests.memory": (pod) => pod.memoryRequestMib * MIB,
  pods: () => 1,
};

/** What an app that is already there takes of the quota, and gives back when it is changed. */
export interface Held {
  resources: Amounts;
  replicas: number;
}

/** How many pods that take so much each fit into what is left of the quota. */
export function roomFor(resources: Amounts, quota: readonly QuotaAmount[], held: Held | null): Room {
  const rooms = quota.flatMap(({ resource, used, hard }) => {
    const need = NEEDS[resource];
    const each = need?.(resources);
    if (!need || !each) return [];
    const givenBack = held ? need(held.resources) * held.replicas : 0;
    return [Math.floor((hard - used + givenBack) / each + 1e-9)];
  });
  return rooms.length === 0 ? null : Math.max(0, Math.min(...rooms));
}
