import { expect, test } from "vitest";

import { rule, RULES } from "../../test/data";
import { check } from "./rules";

const GOOD = {
  image: "ghcr.io/ada/engine:1",
  name: "engine",
  port: 8080,
  replicas: 1,
  runAsUser: null,
  environment: [{ name: "LOG_LEVEL", value: "info" }],
  secrets: [],
};

function fieldsAgainst(...[rules, values]: Parameters<typeof check>): string[] {
  return [...check(rules, values).keys()];
}

test("an app that keeps every rule has no error", () => {
  expect(fieldsAgainst(RULES, GOOD)).toEqual([]);
});

test.each([
  ["image", "", "a required field that is empty"],
  ["image", "no spaces here", "a text that does not match the whole pattern"],
  ["name", "Engine", "a character that the pattern has not"],
  ["name", "e".repeat(47), "a text that is too long"],
  ["port", 0, "a number below the least"],
  ["port", 65_536, "a number above the most"],
  ["replicas", null, "a required number that is left out"],
] as const)("%s %o breaks its rule: %s", (...[field, value]) => {
  expect(fieldsAgainst(RULES, { ...GOOD, [field]: value })).toEqual([field]);
});

test.each([
  ["port", null],
  ["port", 1],
  ["port", 65_535],
  ["replicas", 0],
  ["name", "e".repeat(46)],
])("%s %o is still right", (field, value) => {
  expect(fieldsAgainst(RULES, { ...GOOD, [field]: value })).toEqual([]);
});

test("an error has the rule's own words and example", () => {
  const errors = check([rule("name", { pattern: "a", message: "It is a.", example: "a" })], { name: "b" });

  expect(errors.get("name")).toEqual({ message: "It is a.", example: "a" });
});

test("a star stands for every item of a list, and an error names the one that it is about", () => {
  const environment = [{ name: "GOOD" }, { name: "1BAD" }, { name: "" }];

  expect(fieldsAgainst(RULES, { ...GOOD, environment })).toEqual(["environment.1.name", "environment.2.name"]);
});

test("a list may have so many items, and not one more", () => {
  const rules = [rule("secrets", { maxItems: 2 })];

  expect(fieldsAgainst(rules, { secrets: [1, 2] })).toEqual([]);
  expect(fieldsAgainst(rules, { secrets: [1, 2, 3] })).toEqual(["secrets"]);
});

test("an emoji counts as one character, as it does for the server", () => {
  const rules = [rule("value", { maxLength: 2 })];

  expect(fieldsAgainst(rules, { value: "🚢🚢" })).toEqual([]);
  expect(fieldsAgainst(rules, { value: "🚢🚢🚢" })).toEqual(["value"]);
});

test("a pattern reads text by its characters: one emoji is one, half of one is none of the text that may be sent", () => {
  const rules = [rule("value", { pattern: String.raw`[^\x00\ud800-\udfff]` })];

  expect(fieldsAgainst(rules, { value: "🚢" })).toEqual([]);
  expect(fieldsAgainst(rules, { value: "\ud83d" })).toEqual(["value"]);
});

test("alternatives of a pattern are each matched from end to end", () => {
  const rules = [rule("value", { pattern: "a|b" })];

  expect(fieldsAgainst(rules, { value: "ab" })).toEqual(["value"]);
});

test.each([
  [{ least: 2, most: 1 }, ["most"]],
  [{ least: 2, most: 2 }, []],
  [{ least: null, most: 1 }, []],
  [{ least: 2, most: null }, []],
])("a number may not be below another: %o", (bounds, broken) => {
  const rules = [rule("bounds.most", { notBelow: "bounds.least" })];

  expect(fieldsAgainst(rules, { bounds })).toEqual(broken.map((field) => `bounds.${field}`));
  expect(fieldsAgainst(rules, { bounds: null })).toEqual([]);
});

test.each([
  [{ least: 9, most: 2 }, "9"],
  [{ least: 2, most: 1 }, "6"],
  [{ least: 99, most: 2 }, "6"],
])("the example goes with the other number, where that is one that may be: %o", (bounds, example) => {
  const rules = [rule("bounds.most", { notBelow: "bounds.least", maximum: 50, example: "6" })];

  expect(check(rules, { bounds }).get("bounds.most")?.example).toBe(example);
});

test("a value is unique among the fields that its rule names, and the example is one that is", () => {
  const uniqueAmong = ["files.*.path", "secretFiles.*.path"];
  const rules = uniqueAmong.map((field) => rule(field, { uniqueAmong }));
  const files = ["/a", "/b", "/a", "/b2", "", ""].map((path) => ({ path }));
  const secretFiles = [{ path: "/c" }, { path: "/b" }];

  const found = [...check(rules, { files, secretFiles })].map(([path, { example }]) => [path, example]);

  expect(found).toEqual([
    ["files.2.path", "/a2"],
    ["secretFiles.1.path", "/b3"],
  ]);
});

test("a number is at most that of the field beside it, where its rule says so", () => {
  const rules = [rule("resources.request", { atMost: "limit" })];

  expect(fieldsAgainst(rules, { resources: { request: 2, limit: 2 } })).toEqual([]);
  expect(fieldsAgainst(rules, { resources: { request: 3, limit: 2 } })).toEqual(["resources.request"]);
  const known = [rule("resources.request", { atMost: "limit", example: "500" })];
  expect(check(known, { resources: { request: 3, limit: 2 } }).get("resources.request")?.example).toBe("2");
  expect(fieldsAgainst(rules, { resources: { request: 3, limit: null } })).toEqual([]);
  expect(fieldsAgainst(rules, { resources: null })).toEqual([]);
});
