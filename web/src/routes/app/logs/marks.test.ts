import { expect, test } from "vitest";

import { has, pieces } from "./marks";

test.each([
  ["GET /login 200", "get", ["[GET]", " /login 200"]],
  ["a.b.a", "a", ["[a]", ".b.", "[a]"]],
  ["nothing", "x", ["nothing"]],
  ["all of it", "", ["all of it"]],
  ["a+b (c)", "+b (", ["a", "[+b (]", "c)"]],
  ["İ is longer in lower case", "is", ["İ is longer in lower case"]],
])("in %j, %j is found in whatever case", (text, wanted, cut) => {
  expect(pieces(text, wanted).map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text))).toEqual(cut);
});

test("a text has what it is searched for in whatever case", () => {
  expect([has("GET /", "get"), has("GET /", "put"), has("GET /", "")]).toEqual([true, false, true]);
});
