import { expect, test } from "vitest";

import { check, parseEnv, proposeName, type Rule } from "./rules";
import { formatValue } from "./units";

const name: Rule = { field: "name", message: "Lower case.", example: "web", required: true, pattern: "[a-z]([a-z0-9\\-]*[a-z0-9])?", maxLength: 5 };
const port: Rule = { field: "port", message: "1 to 65535.", example: "80", required: false, minimum: 1, maximum: 65535 };

test("a value that keeps the rule has no message", () => expect(check([name], "name", "web")).toBeNull());
test("a broken pattern is told with an example", () => expect(check([name], "name", "Web")).toBe("Lower case. Example: web"));
test("a pattern holds for the whole value", () => expect(check([name], "name", "web!")).not.toBeNull());
test("a value that is too long is refused", () => expect(check([name], "name", "webweb")).not.toBeNull());
test("a required field may not be empty", () => expect(check([name], "name", "")).not.toBeNull());
test("a field that is not required may be empty", () => expect(check([port], "port", null)).toBeNull());
test("a number out of bounds is refused", () => expect(check([port], "port", 65536)).not.toBeNull());

test.each([
  ["ghcr.io/ada/engine:1.4", "engine"],
  ["registry:5000/Team_App@sha256:0", "team-app"],
  ["nginx", "nginx"],
])("the name proposed for %s is %s", (image, expected) => expect(proposeName(image)).toBe(expected));

test("a pasted .env file gives its variables", () =>
  expect(parseEnv('# c\nexport A=1\nB="two words"\n\nnonsense')).toEqual([
    { name: "A", value: "1" },
    { name: "B", value: "two words" },
  ]));

test.each([
  [0.25, "CORES", "0.25 cores"],
  [536870912, "BYTES", "512 MiB"],
  [3, "COUNT", "3"],
] as const)("%d %s reads as %s", (value, unit, expected) => expect(formatValue(value, unit)).toBe(expected));
