import { expect, test } from "vitest";

import { refusedFields, type Refusal } from "./refusals";

function refusal(message: string, path: string[], example: string | null = null): Refusal {
  return { __typename: "InvalidInputError", message, path, example };
}

test("a refusal goes to the field that its path below the input names", () => {
  const fields = refusedFields([refusal("No such image.", ["workload", "environment", "0", "name"], "A")]);

  expect([...fields]).toEqual([["environment.0.name", { message: "No such image.", example: "A" }]]);
});

test("several refusals about one field are one text", () => {
  const fields = refusedFields([refusal("Too long.", ["workload", "name"]), refusal("Taken.", ["workload", "name"])]);

  expect(fields.get("name")?.message).toBe("Too long. Taken.");
});

test("a refusal of the app as a whole is about no field", () => {
  expect(refusedFields([refusal("The quota is spent.", ["workload"]), refusal("The cluster is silent.", [])]).size).toBe(0);
});
