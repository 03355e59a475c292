import { expect, test } from "vitest";

import { changedValue, count, word } from "./words";

test("one is counted without an s", () => {
  expect([0, 1, 2].map((number) => count(number, "pod"))).toEqual(["0 pods", "1 pod", "2 pods"]);
});

test("an enum's member reads as words", () => {
  expect(word("ROLL_BACK")).toBe("roll back");
});

test("a changed value is shown without the quotes of its JSON, and an absent one as none", () => {
  expect(['"engine:2"', "3", '{"a":1}', null].map(changedValue)).toEqual(["engine:2", "3", '{"a":1}', "none"]);
});
