import { formatValue } from "../../format/units";

const MIB = 2 ** 20;

/** What a pod may use, and what is set aside for it. */
export interface ResourcesShown {
  cpuRequestMillicores: number;
  cpuLimitMillicores: number;
  memoryRequestMib: number;
  memoryLimitMib: number;
}

/** CPU and memory, in a line. */
export function resourcesText(shown: ResourcesShown): string {
  const { cpuRequestMillicores, cpuLimitMillicores, memoryRequestMib, memoryLimitMib } = shown;
  const most = amountText(cpuLimitMillicores, memoryLimitMib);
  return `${most} (${amountText(cpuRequestMillicores, memoryRequestMib)} set aside)`;
}

function amountText(millicores: number, mebibytes: number): string {
  return `${formatValue(millicores / 1000, "CORES")}, ${formatValue(mebibytes * MIB, "BYTES")}`;
}

/** Who pulls an image, and from where that is said. */
export function credentialsText({ server, username }: { server?: string | null; username: string }): string {
  return server ? `${username} at ${server}` : username;
}
