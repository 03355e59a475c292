import { count } from "../../../format/words";
import { graphql, readFragment, type FragmentType } from "../../../gql";
import type { LogEndReason, LogGapReason, LogLine_LineFragment, LogUpdate_UpdateFragment, PodEndReason } from "../../../gql/graphql";

export const LogLineFragment = graphql(`
  fragment LogLine_line on LogLine {
    podName
    containerName
    at
    message
    isCut
    cursor
  }
`);

export const LogUpdateFragment = graphql(`
  fragment LogUpdate_update on LogUpdate {
    kind
    cursor
    podName
    containerNames
    gapReason
    dropped
    podEndReason
    endReason
    lines {
      ...LogLine_line
    }
  }
`);

export type Line = LogLine_LineFragment;
/** A line that a container wrote, or what is to be known at this place of the log. */
export type Entry = { line: Line } | { note: string };

/** Some entries one after the other. Only the last one grows: the others need not be drawn again. */
export interface Chunk {
  id: number;
  entries: readonly Entry[];
}

/** A log as far as it is kept; another one with each change. */
export interface Kept {
  chunks: readonly Chunk[];
  /** How many lines are in the chunks. */
  lines: number;
  /** How many lines came, with those that are kept no longer. */
  total: number;
  end: LogEndReason | null;
}

export const NOTHING: Kept = { chunks: [], lines: 0, total: 0, end: null };
export const MOST_LINES = 5_000;
const CHUNK = 100;

const GAPS: Record<LogGapReason, string> = {
  POD_GONE: "the pod was deleted before its log was read to the end",
  ROTATED: "the cluster has them no longer",
  TOO_MUCH: "the container wrote more than can be followed",
};
const ENDS: Record<PodEndReason, string> = {
  DELETED: "was deleted",
  FAILED: "ended with an error",
  SUCCEEDED: "ran to its end",
};

/** The latest lines of a stream, for those who show them. `since`: earlier lines, in ms of Unix time, are left out. */
export class LogStore {
  #kept = NOTHING;
  readonly #since: number;
  /** Of the lines that are kept: a stream that has to begin anew tells some of them again. */
  readonly #cursors = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(since = Number.NEGATIVE_INFINITY) {
    this.#since = since;
  }

  readonly read = (): Kept => this.#kept;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  take(told: FragmentType<typeof LogUpdateFragment>): void {
    const update = readFragment(LogUpdateFragment, told);
    const lines = update.lines.map((line) => readFragment(LogLineFragment, line)).filter((line) => this.#isNew(line));
    const note = noteOf(update, this.#kept);
    const entries = note === null ? lines.map((line) => ({ line })) : [{ note }];
    if (entries.length === 0 && update.kind !== "ENDED") return;
    this.#kept = this.#bounded({ ...appended(this.#kept, entries), end: update.endReason });
    this.#listeners.forEach((listener) => listener());
  }

  #isNew({ cursor, at }: Line): boolean {
    if (this.#cursors.has(cursor) || Date.parse(at) < this.#since) return false;
    this.#cursors.add(cursor);
    return true;
  }

  #bounded(kept: Kept): Kept {
    let { chunks, lines } = kept;
    for (let [first] = chunks; first && lines > MOST_LINES; [first] = chunks) {
      const leaving = linesOf(first.entries);
      leaving.forEach(({ cursor }) => this.#cursors.delete(cursor));
      lines -= leaving.length;
      chunks = chunks.slice(1);
    }
    return { ...kept, chunks, lines };
  }
}

/** A log that is whole. */
export function keptOf(lines: readonly Line[]): Kept {
  return appended(NOTHING, lines.map((line) => ({ line })));
}

export function linesOf(entries: readonly Entry[]): Line[] {
  return entries.flatMap((entry) => ("line" in entry ? [entry.line] : []));
}

function appended(kept: Kept, entries: readonly Entry[]): Kept {
  const chunks = [...kept.chunks];
  for (let rest = entries; rest.length > 0; ) {
    const last = chunks.at(-1);
    const hasRoom = last !== undefined && last.entries.length < CHUNK;
    const grown = hasRoom ? last : { id: (last?.id ?? 0) + 1, entries: [] };
    const room = CHUNK - grown.entries.length;
    chunks.splice(hasRoom ? -1 : chunks.length, 1, { ...grown, entries: [...grown.entries, ...rest.slice(0, room)] });
    rest = rest.slice(room);
  }
  const lines = linesOf(entries).length;
  return { ...kept, chunks, lines: kept.lines + lines, total: kept.total + lines };
}

/** What a message tells beside lines; null for nothing that a reader must know. */
function noteOf(update: LogUpdate_UpdateFragment, kept: Kept): string | null {
  const { podName } = update;
  switch (update.kind) {
    case "POD_STARTED":
      return kept.total > 0 ? `${podName} starts here` : null; // at first every pod does
    case "POD_ENDED":
      return `${podName} ${update.podEndReason ? ENDS[update.podEndReason] : "has ended"}`;
    case "GAP":
      return `Lines of ${podName} may be missing here${update.gapReason ? `: ${GAPS[update.gapReason]}` : ""}`;
    case "LAGGED":
      return `${count(update.dropped, "line")} of ${podName} left out here: this page is too slow for them`;
    default:
      return null;
  }
}
