import { expect, test } from "vitest";

import { MIB, quota, SIZES } from "../../test/data";
import { heldBy } from "./held";
import { roomFor } from "./room";
import { NEW_APP } from "./values";

const [S, M] = SIZES;
if (!S || !M) throw new Error("The form offers a small and a medium size.");

const cpu = (used: number) => quota("limits.cpu", used, 2, "CORES");

test("as many pods fit as what is left holds", () => {
  expect(roomFor(M.resources, [cpu(0.6)], null)).toBe(2);
});

test("the resource that runs out first decides", () => {
  const quotas = [cpu(0), quota("limits.memory", 0, 600 * MIB, "BYTES"), quota("pods", 19, 20, "COUNT")];

  expect([S, M].map((preset) => roomFor(preset.resources, quotas.slice(0, 2), null))).toEqual([2, 1]);
  expect(roomFor(S.resources, quotas, null)).toBe(1);
});

test("sums of fractions cost no pod", () => {
  expect(roomFor(S.resources, [quota("requests.cpu", 0.3, 0.3 + 0.125 * 3, "CORES")], null)).toBe(3);
});

test("a quota that is overrun has room for none, and not for fewer", () => {
  expect(roomFor(S.resources, [cpu(3)], null)).toBe(0);
});

test("resources that no pod takes do not count", () => {
  expect(roomFor(S.resources, [cpu(0), quota("services", 5, 5, "COUNT")], null)).toBe(8);
});

test("without a quota the room is not known", () => {
  expect(roomFor(S.resources, [], null)).toBeNull();
});

test("an app that is changed gives back what it took", () => {
  const held = heldBy({ ...NEW_APP, size: "M", replicas: 3 }, SIZES);

  expect(roomFor(M.resources, [cpu(1.5)], held)).toBe(4);
  expect(roomFor(M.resources, [cpu(1.5)], null)).toBe(1);
});

test("an app of a size that is offered no more gives back nothing that is known", () => {
  expect(heldBy({ ...NEW_APP, size: "XL" }, [S])).toBeNull();
});

test("an app gives back resources of its own, and a pod that takes nothing yet fits as often as the others say", () => {
  const own = { cpuRequestMillicores: 500, cpuLimitMillicores: 1000, memoryRequestMib: 64, memoryLimitMib: 0 };
  const held = heldBy({ ...NEW_APP, resources: own, replicas: 1 }, SIZES);

  expect(roomFor(own, [cpu(1), quota("limits.memory", 0, MIB, "BYTES")], held)).toBe(2);
});
