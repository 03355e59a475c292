const STEPS: readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
const clock = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** How long ago, or how far ahead, in the largest unit that fits: `3 min. ago`, `in 90 days`. */
export function formatAge(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1000;
  const step = STEPS.find(([length]) => Math.abs(seconds) >= length);
  if (!step) return "just now";
  const [length, unit] = step;
  // Cut off, what has 24 hours left would a moment later be said to have 23; an age is what has passed in full.
  const count = seconds > 0 ? Math.round(seconds / length) : Math.trunc(seconds / length);
  return relative.format(count, unit);
}

export function formatMoment(moment: string): string {
  return absolute.format(Date.parse(moment));
}

/** The time of day to the millisecond: `09:05:07.250`. */
export function formatClock(moment: string): string {
  return clock.format(Date.parse(moment));
}
