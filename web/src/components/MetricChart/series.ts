import { formatValue } from "../../format/units";
import type { MetricUnit } from "../../gql/graphql";

/** `at` in milliseconds since 1970. */
export interface Point {
  at: number;
  value: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
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

/** A clock, with seconds for a series of minutes or a single point of one, with the day for one of days. */
export function timeFormat(points: readonly Point[], { isPoint = false } = {}): Intl.DateTimeFormat {
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return new Intl.DateTimeFormat("en", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...((isPoint || span < 5 * MINUTE_MS) && { second: "2-digit" }),
    ...(span > DAY_MS && { month: "short", day: "numeric" }),
  });
}

/** The series in a sentence, for those who do not see it. */
export function describeSeries(title: string, points: readonly Point[], unit: MetricUnit): string {
  const values = points.map((point) => point.value);
  const latest = values.at(-1);
  if (latest === undefined) return `${title} over time: no values`;
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => formatValue(value, unit));
  return `${title} over time: now ${formatValue(latest, unit)}, between ${least} and ${most}`;
}
