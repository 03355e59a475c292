import classes from "./Changes.module.css";
import { changedLines, type Line } from "./lines";

const SIGNS: Record<Line["kind"], string> = { same: " ", removed: "−", added: "+", gap: "" };

/** A text of several lines, by the lines that changed. */
export function TextChange({ field, before, after }: { field: string; before: string | null; after: string | null }) {
  return (
    // Wide lines scroll: the keyboard must reach them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={classes.text} tabIndex={0} aria-label={`Changed lines of ${field}`}>
      {changedLines(before, after).map(({ kind, text }, index) => (
        <LineOf key={index} kind={kind} text={text} />
      ))}
    </pre>
  );
}

function LineOf({ kind, text }: Line) {
  const line = `${SIGNS[kind]} ${text}\n`;
  if (kind === "removed") return <del>{line}</del>;
  return kind === "added" ? <ins>{line}</ins> : <span className={classes.field}>{line}</span>;
}
