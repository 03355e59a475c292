/** A line of a text that changed; `gap` stands for lines that stayed as they are and are left out. */
export interface Line {
  kind: "same" | "removed" | "added" | "gap";
  text: string;
}

const CONTEXT = 3;
/** Beyond so many comparisons what differs is told as a whole: half a second is too long to wait for a diff. */
const MOST_COMPARISONS = 4_000_000;

/** What turns `before` into `after`, line by line, with the lines around it; null: there was, or will be, no text. */
export function changedLines(before: string | null, after: string | null): readonly Line[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = difference(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return withoutDistant([...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))]);
}

function linesOf(text: string | null): readonly string[] {
  return text === null || text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function same(lines: readonly string[]): Line[] {
  return lines.map((text) => ({ kind: "same", text }));
}

/** By the longest common subsequence of lines. */
function difference(old: readonly string[], now: readonly string[]): Line[] {
  const removed = old.map((text): Line => ({ kind: "removed", text }));
  const added = now.map((text): Line => ({ kind: "added", text }));
  if (old.length * now.length === 0 || old.length * now.length > MOST_COMPARISONS) return [...removed, ...added];
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const isSame = old[row] === now[column];
      common[row * width + column] = isSame
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  return walk(old, now, at);
}

function walk(old: readonly string[], now: readonly string[], at: (row: number, column: number) => number): Line[] {
  const lines: Line[] = [];
  for (let row = 0, column = 0; row < old.length || column < now.length; ) {
    const [before, after] = [old[row], now[column]];
    if (before !== undefined && before === after) {
      lines.push({ kind: "same", text: before });
      row++;
      column++;
    } else if (before !== undefined && (after === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "removed", text: before });
      row++;
    } else {
      lines.push({ kind: "added", text: after ?? "" });
      column++;
    }
  }
  return lines;
}

/** Only the lines near a change, with a gap for each stretch that is left out. */
function withoutDistant(lines: readonly Line[]): readonly Line[] {
  const isNear = lines.map(() => false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== "same") isNear.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line];
    return isNear[index - 1] ?? index === 0 ? [{ kind: "gap" as const, text: "⋯" }] : [];
  });
}
