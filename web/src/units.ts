import type { MetricUnit } from "./gql/graphql";

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A value as people read it: `0.25 cores`, `512 MiB`, `3`. */
export function formatValue(value: number, unit: MetricUnit): string {
  switch (unit) {
    case "CORES":
      return `${round(value)} cores`;
    case "BYTES":
      return formatBytes(value);
    case "BYTES_PER_SECOND":
      return `${formatBytes(value)}/s`;
    case "COUNT":
      return String(Math.round(value));
  }
}

function formatBytes(value: number): string {
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < BYTE_UNITS.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${round(rest)} ${BYTE_UNITS[unit] ?? "B"}`;
}

function round(value: number): string {
  return value === 0 || value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
