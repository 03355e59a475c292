import { Kind, parse } from "graphql";
import { expect, test } from "vitest";

import { EXAMPLES } from "./examples";

const all = EXAMPLES.flatMap(({ examples }) => examples);

test("Each example has a title of its own", () => {
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});

test.each(all)("$title: one named operation, which can be told apart in the history", ({ query }) => {
  const operations = parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

  expect(operations.map(({ name }) => name?.value)).toEqual([expect.any(String)]);
});
