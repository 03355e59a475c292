import { formatValue } from "../../format/units";
import type { MetricUnit } from "../../gql/graphql";

/** `at` in milliseconds since 1970. */
export interface Point {
  at: number;
  value: number;
}

const DAY_MS = 86_400_000;
const EMPTY_TOP: Record<MetricUnit, number> = { CORES: 0.1, BYTES: 2 ** 20, BYTES_PER_SECOND: 1024, COUNT: 4 };

/** Where the value axis ends: the next 1, 2 or 4 times a power above every value, so that its half is round too. */
export function niceTop(points: readonly Point[], unit: MetricUnit): number {
  const highest = Math.max(0, ...points.map((point) => point.value)) * 1.05;
  if (highest === 0) return EMPTY_TOP[unit];
  const base = unit === "BYTES" || unit === "BYTES_PER_SECOND" ? 2 : 10;
  const power = base ** Math.floor(Math.log(highest) / Math.log(base));
  const step = [1, 2, 4, 10].find((each) => each * power >= highest) ?? base;
  return unit === "COUNT" ? Math.max(2, step * power) : step * power;
}

/** A clock for series within a day, else the day too. `second`: for a single point of it. */
export function timeFormat(points: readonly Point[], second?: "2-digit"): Intl.DateTimeFormat {
  const spansDays = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0) > DAY_MS;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(second && { second }) } as const;
  return new Intl.DateTimeFormat("en", spansDays ? { ...clock, month: "short", day: "numeric" } : clock);
}

/** The series in a sentence, for those who do not see it. */
export function describeSeries(title: string, points: readonly Point[], unit: MetricUnit): string {
  const values = points.map((point) => point.value);
  const latest = values.at(-1);
  if (latest === undefined) return `${title} over time: no values`;
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => formatValue(value, unit));
  return `${title} over time: now ${formatValue(latest, unit)}, between ${least} and ${most}`;
}
