import { memo, type CSSProperties } from "react";

import { formatClock, formatMoment } from "../../../format/time";
import classes from "./Logs.module.css";
import { has, pieces } from "./marks";
import type { Chunk, Entry, Line } from "./store";

/** What of each line is shown. */
export interface LineLook {
  /** Only lines with this text are shown. */
  wanted: string;
  hasTimes: boolean;
  hasPods: boolean;
  hasContainers: boolean;
}

/** Drawn once: while lines come, only the last chunk of a log is another one. */
export const LogChunk = memo(function LogChunk({ chunk, ...look }: LineLook & { chunk: Chunk }) {
  const entries = shown(chunk.entries, look.wanted);
  if (entries.length === 0) return null;
  return (
    <div className={classes.chunk} style={{ "--lines": entries.length } as CSSProperties}>
      {entries.map((entry, index) =>
        "line" in entry ? (
          <LogLine key={entry.line.cursor} line={entry.line} {...look} />
        ) : (
          <p key={`note ${index}`} className={classes.note}>
            {entry.note}
          </p>
        ),
      )}
    </div>
  );
});

/** Notes are about the lines around them: where some of those are left out, they say nothing. */
export function shown(entries: readonly Entry[], wanted: string): readonly Entry[] {
  if (wanted === "") return entries;
  return entries.filter((entry) => "line" in entry && has(entry.line.message, wanted));
}

function LogLine({ line, wanted, hasTimes, hasPods, hasContainers }: LineLook & { line: Line }) {
  return (
    <p className={classes.line}>
      {hasTimes && (
        <time className={classes.time} dateTime={line.at} title={formatMoment(line.at)}>
          {formatClock(line.at)}{" "}
        </time>
      )}
      {hasPods && <span className={classes.source}>{line.podName} </span>}
      {hasContainers && <span className={classes.source}>{line.containerName} </span>}
      <span className={classes.message}>
        {pieces(line.message, wanted).map(({ text, isFound }, index) => (isFound ? <mark key={index}>{text}</mark> : text))}
        {line.isCut && <span className={classes.source}> … cut here: the line is longer than 16 KiB</span>}
      </span>
    </p>
  );
}
