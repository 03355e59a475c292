import classes from "./Mark.module.css";

/** The mark: a rope hitched around a bollard. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className={classes.mark} width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path className={classes.bollard} d="M9 4h14a2.500 2.500 0 0 1 0 5h-2v17h3a2 2 0 0 1 2 2H6a2 2 0 0 1 2-2h3V9H9a2.500 2.500 0 0 1 0-5Z" />
      <path className={classes.gap} d="M2 23.500C8 23.500 9 21 13 19.500s9-2 9-5-4-3.500-8-3" />
      <path className={classes.rope} d="M9 13.200c3-1.700 13-2.400 13 1.800 0 5-12 2.600-12 7 0 3 7 2.500 12 1.500 3-.6 5.500-.5 8 .5" />
    </svg>
  );
}
