import { expect, test } from "vitest";

import { volumeText } from "./volumeText";

const DATA = { name: "data", path: "/data", sizeGib: 10, storageClass: "fast" };

test("a volume is told by its name, place, size and class", () => {
  expect(volumeText(DATA)).toBe("data at /data, 10 GiB of fast");
});

test("disks of its size, of other volumes, or that are not there yet are not named", () => {
  const disks = [
    { name: "data-db-0", capacity: 10 * 2 ** 30 },
    { name: "data-db-1", capacity: null },
    { name: "logs-db-0", capacity: 2 ** 30 },
  ];

  expect(volumeText(DATA, disks)).toBe("data at /data, 10 GiB of fast");
});

test("a disk that was taken over has its own size", () => {
  expect(volumeText(DATA, [{ name: "data-db-0", capacity: 2 ** 31 }])).toBe(
    "data at /data, 10 GiB of fast; data-db-0 has 2 GiB",
  );
});
