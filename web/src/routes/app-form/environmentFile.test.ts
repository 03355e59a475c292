import { expect, test } from "vitest";

import { parseEnvironment } from "./environmentFile";

/** The values by name; every line is read. */
function read(text: string): Record<string, string> {
  const { variables, unreadLines } = parseEnvironment(text);
  expect(unreadLines).toEqual([]);
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

test.each([
  ["plain", "A=info", "info"],
  ["empty", "A=", ""],
  ["with an equals sign in it", "A=postgres://db?ssl=1", "postgres://db?ssl=1"],
  ["with spaces around it", "A =  info  ", "info"],
  ["after export", "export A=info", "info"],
  ["with a comment behind it", "A=info # the level", "info"],
  ["with a hash in it", "A=in#fo", "in#fo"],
  ["in double quotes", 'A="in fo"', "in fo"],
  ["in single quotes", "A='in fo'", "in fo"],
  ["in double quotes, with a hash", 'A="in # fo" # comment', "in # fo"],
  ["in single quotes, with a hash", "A='in # fo' # comment", "in # fo"],
  ["with escapes in double quotes", String.raw`A="one\ntwo\t\"three\" \\"`, 'one\ntwo\t"three" \\'],
  ["with a backslash in single quotes", String.raw`A='one\ntwo'`, String.raw`one\ntwo`],
  ["with a backslash and no quotes", String.raw`A=C:\new`, String.raw`C:\new`],
  ["over lines in double quotes", 'A="one\ntwo"', "one\ntwo"],
  ["over lines in single quotes", "A='one\ntwo'", "one\ntwo"],
  ["of quotes alone", 'A=""', ""],
])("a value %s is read: %s", (...[, text, value]) => {
  expect(read(text)).toEqual({ A: value });
});

test("comments and blank lines are left out", () => {
  expect(read("# a comment\n\n  # another\nA=1\n   \nB=2\n")).toEqual({ A: "1", B: "2" });
});

test("lines may end as on Windows", () => {
  expect(read("A=1\r\nB=2\r\n")).toEqual({ A: "1", B: "2" });
});

test("variables keep their order, and a name that comes twice comes twice", () => {
  expect(parseEnvironment("B=1\nA=2\nB=3").variables.map(({ name }) => name)).toEqual(["B", "A", "B"]);
});

test("lines that are neither variable nor comment are counted, and nothing is taken from them", () => {
  expect(parseEnvironment("A=1\nnot a variable\nB=2\n=3\n")).toEqual({
    variables: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
    unreadLines: [2, 4],
  });
});

test("a line is counted as an editor counts it, after a value of several lines too", () => {
  expect(parseEnvironment('A="one\ntwo"\nnot a variable\n').unreadLines).toEqual([3]);
});

test("text that is no environment has no variables", () => {
  expect(parseEnvironment("LOG_LEVEL").variables).toEqual([]);
});
