import { expect, test } from "vitest";

import { proposedName } from "./proposedName";

test.each([
  ["engine", "engine"],
  ["engine:1.4.2", "engine"],
  ["ghcr.io/ada/engine:1.4.2", "engine"],
  ["localhost:5000/engine", "engine"],
  ["localhost:5000", "localhost"],
  [`ghcr.io/ada/engine@sha256:${"0".repeat(64)}`, "engine"],
  [`ghcr.io/ada/engine:2@sha256:${"0".repeat(64)}`, "engine"],
  ["ghcr.io/ada/Web_Shop.API", "web-shop-api"],
  ["ghcr.io/ada/3d-viewer", "d-viewer"],
  ["ghcr.io/ada/engine-", "engine"],
  ["ghcr.io/ada/", ""],
  ["", ""],
])("%o proposes %o", (image, name) => {
  expect(proposedName(image, 46)).toBe(name);
});

test("a proposed name is no longer than names may be, and does not end where a hyphen was cut", () => {
  expect(proposedName("ghcr.io/ada/enginehouse", 6)).toBe("engine");
  expect(proposedName("ghcr.io/ada/engine-house", 7)).toBe("engine");
});
