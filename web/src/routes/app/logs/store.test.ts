import { expect, test } from "vitest";

import type { FragmentType } from "../../../gql";
import { logLine, logUpdate } from "../../../test/data";
import { linesOf, LogStore, MOST_LINES, type Kept, type LogUpdateFragment } from "./store";

function take(store: LogStore, lines: readonly string[], fields: object = {}) {
  const update = logUpdate(lines.map((message) => logLine(message)), { ...fields });
  store.take(update as unknown as FragmentType<typeof LogUpdateFragment>);
}

/** What is kept, one after the other: the messages of lines, and notes. */
function told({ chunks }: Kept): string[] {
  return chunks.flatMap(({ entries }) => entries).map((entry) => ("line" in entry ? entry.line.message : entry.note));
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
}

test("lines are kept in the order in which they come", () => {
  const store = new LogStore();

  take(store, ["one", "two"]);
  take(store, ["three"]);

  expect(told(store.read())).toEqual(["one", "two", "three"]);
  expect(store.read()).toMatchObject({ lines: 3, total: 3 });
});

test("the latest 5,000 lines are kept at most, and all are counted", () => {
  const store = new LogStore();

  for (let from = 0; from < 12_000; from += 200) take(store, numbered(from, from + 200));

  const kept = store.read();
  expect(kept.total).toBe(12_000);
  expect(kept.lines).toBeLessThanOrEqual(MOST_LINES);
  expect(kept.lines).toBeGreaterThan(MOST_LINES - 200);
  expect(told(kept)).toEqual(numbered(12_000 - kept.lines, 12_000));
});

test("chunks that are full are the same from then on, so that they need not be drawn again", () => {
  const store = new LogStore();
  take(store, numbered(0, 250));
  const before = store.read().chunks;

  take(store, ["more"]);

  const after = store.read().chunks;
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(linesOf(after[2]?.entries ?? [])).toHaveLength(51);
});

test("a line that is told again, by a stream that had to begin anew, is kept once", () => {
  const store = new LogStore();
  take(store, ["one", "two"]);

  take(store, ["one", "two", "three"]);

  expect(told(store.read())).toEqual(["one", "two", "three"]);
});

test("lines from before a moment are left out", () => {
  const store = new LogStore(Date.parse("2026-05-04T12:00:01Z"));
  const lines = [logLine("early", { at: "2026-05-04T12:00:00.999Z" }), logLine("late", { at: "2026-05-04T12:00:01Z" })];

  store.take(logUpdate(lines) as unknown as FragmentType<typeof LogUpdateFragment>);

  expect(told(store.read())).toEqual(["late"]);
});

test.each([
  [{ kind: "GAP", gapReason: "ROTATED" }, "Lines of engine-1 may be missing here: the cluster has them no longer"],
  [{ kind: "LAGGED", dropped: 12 }, "12 lines of engine-1 left out here: this page is too slow for them"],
  [{ kind: "POD_STARTED" }, "engine-1 starts here"],
  [{ kind: "POD_ENDED", podEndReason: "FAILED" }, "engine-1 ended with an error"],
])("what is to be known of a place stands there: %j", (fields, note) => {
  const store = new LogStore();
  take(store, ["before"]);

  take(store, [], { podName: "engine-1", ...fields });
  take(store, ["behind"]);

  expect(told(store.read())).toEqual(["before", note, "behind"]);
});

test("that pods are followed from the beginning is not said", () => {
  const store = new LogStore();

  take(store, [], { kind: "POD_STARTED", podName: "engine-1" });

  expect(told(store.read())).toEqual([]);
});

test("listeners hear of what changes, and not of heartbeats", () => {
  const store = new LogStore();
  let heard = 0;
  store.subscribe(() => (heard += 1));

  take(store, [], { kind: "HEARTBEAT" });
  expect(heard).toBe(0);
  take(store, ["one"]);
  take(store, [], { kind: "ENDED", endReason: "POD_ENDED" });

  expect(heard).toBe(2);
  expect(store.read().end).toBe("POD_ENDED");
});
