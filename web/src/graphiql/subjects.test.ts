import { expect, test } from "vitest";

import { createSubjects } from "./subjects";

const FOUND = { namespaces: { edges: [{ node: { slug: "shop-x1", workloads: { edges: [] } } }] } };
const MADE = { createNamespace: { namespace: { slug: "tour-y2" } } };
const VARIABLES = { input: { namespace: "<namespace>", name: "<app>" } };

test("What is found stands for the placeholder, and what is not known stays one", () => {
  const subjects = createSubjects();

  subjects.learn(FOUND);

  expect(JSON.parse(subjects.fill(VARIABLES))).toEqual({ input: { namespace: "shop-x1", name: "<app>" } });
});

test("What was made stands before what was found, whichever came first", () => {
  const subjects = createSubjects();

  [FOUND, MADE, FOUND].forEach(subjects.learn);

  expect(subjects.fill(VARIABLES)).toContain("tour-y2");
});

test.each([null, undefined, [], "text", { createNamespace: null }])("An answer that tells nothing changes nothing: %j", (data) => {
  const subjects = createSubjects();
  subjects.learn(FOUND);

  subjects.learn(data);

  expect(subjects.fill(VARIABLES)).toContain("shop-x1");
});
