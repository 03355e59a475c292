import { expect, test } from "vitest";

import { formatValue, resourceTitle } from "./units";

test.each([
  [0, "CORES", "0 cores"],
  [1, "CORES", "1 core"],
  [1.5, "CORES", "1.5 cores"],
  [0.25, "CORES", "0.25 cores"],
  [0.0042, "CORES", "4.2 millicores"],
  [0, "BYTES", "0 B"],
  [1023, "BYTES", "1023 B"],
  [512 * 2 ** 20, "BYTES", "512 MiB"],
  [1.25 * 2 ** 30, "BYTES", "1.25 GiB"],
  [3000 * 2 ** 40, "BYTES", "3000 TiB"],
  [2048, "BYTES_PER_SECOND", "2 KiB/s"],
  [3, "COUNT", "3"],
  [1234.4, "COUNT", "1234"],
] as const)("%d as %s reads %s", (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

test("a resource is named in plain words, and one that nobody foresaw by its own name", () => {
  expect(resourceTitle("limits.cpu")).toBe("CPU limit");
  expect(resourceTitle("count/cronjobs.batch")).toBe("count/cronjobs.batch");
});
