import { expect, test } from "vitest";

import { changedLines } from "./lines";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

function shown(before: string | null, after: string | null): string[] {
  const signs = { same: " ", removed: "-", added: "+", gap: "@" };
  return changedLines(before, after).map(({ kind, text }) => `${signs[kind]}${text}`);
}

test("a line that changed is told among those that stayed", () => {
  expect(shown("a\nb\nc\n", "a\nB\nc\n")).toEqual([" a", "-b", "+B", " c"]);
});

test("lines that moved apart are told by what came between them", () => {
  expect(shown("a\nb\n", "a\nx\nb\ny\n")).toEqual([" a", "+x", " b", "+y"]);
});

test("far from a change, what stayed is left out", () => {
  const before = numbers(20);
  const after = before.with(10, "other");

  expect(shown(before.join("\n"), after.join("\n"))).toEqual([
    "@⋯",
    ...[" line 7", " line 8", " line 9", "-line 10", "+other", " line 11", " line 12", " line 13"],
    "@⋯",
  ]);
});

test("a text that comes or goes does so line by line", () => {
  expect(shown(null, "a\nb")).toEqual(["+a", "+b"]);
  expect(shown("a\nb", null)).toEqual(["-a", "-b"]);
});

test("texts with nothing in common are told at once, however long they are", () => {
  const [before, after] = [numbers(3000), numbers(3000).map((text) => `${text}!`)];

  expect(changedLines(before.join("\n"), after.join("\n")).filter(({ kind }) => kind === "removed")).toHaveLength(3000);
});
