export const RANGES = ["15m", "1h", "6h", "24h", "7d"] as const;

/** The range that the URL asks for; an hour where it asks for none that there is. */
export function rangeOf(search: URLSearchParams): string {
  return RANGES.find((range) => range === search.get("range")) ?? "1h";
}
