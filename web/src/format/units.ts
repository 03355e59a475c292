import type { MetricUnit } from "../gql/graphql";

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A value as people read it: `250 m`, `1.5 cores`, `512 MiB`, `3`. */
export function formatValue(value: number, unit: MetricUnit): string {
  switch (unit) {
    case "CORES":
      return formatCores(value);
    case "BYTES":
      return formatBytes(value);
    case "BYTES_PER_SECOND":
      return `${formatBytes(value)}/s`;
    case "COUNT":
      return formatNumber(value);
  }
}

/** Small shares of a core are easier to compare in thousandths. */
function formatCores(value: number): string {
  if (value !== 0 && value < 0.01) return `${formatNumber(value * 1000)} millicores`;
  return `${formatNumber(value)} ${value === 1 ? "core" : "cores"}`;
}

function formatBytes(value: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), BYTE_UNITS.length - 1);
  return `${formatNumber(value / 1024 ** power)} ${BYTE_UNITS[power] ?? "B"}`;
}

/** Three digits that count, without zeros at the end. */
function formatNumber(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** What Kubernetes calls a resource of a quota, in plain words. */
export function resourceTitle(resource: string): string {
  const known: Record<string, string> = {
    "limits.cpu": "CPU limit",
    "limits.memory": "Memory limit",
    "requests.cpu": "CPU set aside",
    "requests.memory": "Memory set aside",
    "requests.storage": "Storage",
    configmaps: "Config maps",
    persistentvolumeclaims: "Volumes",
    pods: "Pods",
    secrets: "Secrets",
    services: "Services",
    "services.loadbalancers": "Load balancers",
  };
  return known[resource] ?? resource;
}
