import { expect, test } from "vitest";

import { MIB } from "../../test/data";
import { rangeOf } from "./range";
import { describeSeries, niceTop, timeFormat } from "./series";

const series = (...values: number[]) => values.map((value, minute) => ({ at: minute * 60_000, value }));

test.each([
  [[0.3], "CORES", 0.4],
  [[0.11], "CORES", 0.2],
  [[1.5], "CORES", 2],
  [[5], "CORES", 10],
  [[300 * MIB], "BYTES", 512 * MIB],
  [[500 * MIB], "BYTES", 1024 * MIB],
  [[1], "COUNT", 2],
  [[0], "CORES", 0.1],
  [[], "COUNT", 4],
] as const)("the axis above %j %s ends at %d", (values, unit, top) => {
  expect(niceTop(series(...values), unit)).toBeCloseTo(top, 10);
});

test("the axis leaves room above every value", () => {
  const values = Array.from({ length: 200 }, (_each, index) => (index + 1) * 0.037);

  expect(values.filter((value) => niceTop(series(value), "CORES") <= value)).toEqual([]);
});

test("a series within a day has the time below it, a longer one the day too", () => {
  const day = 86_400_000;
  const fields = (...moments: number[]) => timeFormat(moments.map((at) => ({ at, value: 0 }))).resolvedOptions();

  expect(fields(0, day).day).toBeUndefined();
  expect(fields(0, day + 1).day).toBe("numeric");
});

test("a series of minutes has the seconds below it, for else its ends look alike", () => {
  const label = (at: number) => timeFormat([0, 20_000].map((each) => ({ at: each, value: 0 }))).format(at);

  expect(label(0)).not.toBe(label(20_000));
});

test("midnight is 00, and a point has its second", () => {
  const midnight = new Date(2026, 4, 4).getTime();
  const hours = [0, 1].map((hour) => ({ at: midnight + hour * 3_600_000, value: 0 }));

  expect(timeFormat(hours).format(midnight)).toBe("00:00");
  expect(timeFormat(hours, { isPoint: true }).format(midnight)).toBe("00:00:00");
});

test("a series without values is described as such", () => {
  expect(describeSeries("CPU", [], "CORES")).toBe("CPU over time: no values");
});

test("a range that is not offered is an hour", () => {
  expect(["?range=6h", "?range=9y", ""].map((search) => rangeOf(new URLSearchParams(search)))).toEqual(["6h", "1h", "1h"]);
});
