import classes from "./QuotaBars.module.css";

export interface MeterProps {
  label: string;
  value: number;
  /** What `value` reaches for a while on its way there; drawn lighter. */
  peak?: number;
  most: number;
}

/** A share of a whole. It turns amber where nine tenths are in use, red where it does not fit. */
export function Meter({ label, value, peak = value, most }: MeterProps) {
  const share = (amount: number) => `${Math.min(amount / most, 1) * 100}%`;
  const highest = Math.max(value, peak);
  const tone = highest > most ? "failure" : highest >= most * 0.9 ? "attention" : "calm";
  return (
    <div
      className={classes.meter}
      data-tone={tone}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={Math.min(value, most)}
    >
      <span className={classes.peak} style={{ inlineSize: share(highest) }} />
      <span className={classes.value} style={{ inlineSize: share(value) }} />
    </div>
  );
}
