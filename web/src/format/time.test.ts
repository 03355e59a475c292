import { expect, test } from "vitest";

import { formatAge } from "./time";

const NOON = Date.parse("2026-05-04T12:00:00Z");

test.each([
  ["2026-05-04T11:59:30Z", "just now"],
  ["2026-05-04T11:57:01Z", "2 min. ago"],
  ["2026-05-04T09:00:00Z", "3 hr. ago"],
  ["2026-05-02T12:00:00Z", "2 days ago"],
  ["2026-08-02T12:00:00Z", "in 90 days"],
  ["2026-08-02T11:59:30Z", "in 90 days"],
  ["2026-05-05T11:59:30Z", "in 24 hr."],
])("%s at noon is %s", (moment, age) => {
  expect(formatAge(moment, NOON)).toBe(age);
});
