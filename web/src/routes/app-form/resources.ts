import type { ResourcesInput } from "../../gql/graphql";

/** CPU and memory of each pod. Numbers are null where their field is empty. */
export type ResourceValues = Record<keyof Amounts, number | null>;

/** The same with every number. */
export type Amounts = ResourcesInput;

export function resourcesOf(shown: Amounts | null | undefined): ResourceValues | null {
  if (!shown) return null;
  const { cpuRequestMillicores, cpuLimitMillicores, memoryRequestMib, memoryLimitMib } = shown;
  return { cpuRequestMillicores, cpuLimitMillicores, memoryRequestMib, memoryLimitMib };
}

/** As the graph takes it. Every rule must hold: an empty number is none. */
export function toResources(values: ResourceValues): Amounts {
  return {
    cpuRequestMillicores: values.cpuRequestMillicores ?? 0,
    cpuLimitMillicores: values.cpuLimitMillicores ?? 0,
    memoryRequestMib: values.memoryRequestMib ?? 0,
    memoryLimitMib: values.memoryLimitMib ?? 0,
  };
}
