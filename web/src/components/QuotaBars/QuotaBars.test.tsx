import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { QuotaBars_NamespaceFragmentDoc, type QuotaBars_NamespaceFragment } from "../../gql/graphql";
import { GIB, MIB } from "../../test/data";
import { show } from "../../test/render";
import { Meter } from "./Meter";
import { QuotaBars } from "./QuotaBars";

function showQuota(quota: QuotaBars_NamespaceFragment["quota"]) {
  show(<QuotaBars namespace={makeFragmentData({ quota }, QuotaBars_NamespaceFragmentDoc)} />);
}

test("each resource has a bar with what is used of how much", () => {
  showQuota([{ resource: "limits.memory", unit: "BYTES", used: 512 * MIB, hard: GIB }]);

  expect(screen.getByRole("listitem").textContent).toBe("Memory limit512 MiB of 1 GiB");
  const meter = screen.getByRole("meter", { name: "Memory limit" });
  expect(meter.getAttribute("aria-valuenow")).toBe(String(512 * MIB));
  expect(meter.getAttribute("aria-valuemax")).toBe(String(GIB));
});

test("what the quota forbids altogether has no bar", () => {
  showQuota([
    { resource: "pods", unit: "COUNT", used: 1, hard: 20 },
    { resource: "services.nodeports", unit: "COUNT", used: 0, hard: 0 },
  ]);

  expect(screen.getAllByRole("meter").map((each) => each.getAttribute("aria-label"))).toEqual(["Pods"]);
});

test("a namespace that was not counted yet is said to be so", () => {
  showQuota([]);

  expect(screen.getByText("The cluster has not counted this namespace yet.")).toBeDefined();
});

test.each([
  ["calm", 8, 8],
  ["attention", 9, 9],
  ["attention", 10, 10],
  ["attention", 5, 9],
  ["failure", 11, 11],
  ["failure", 5, 11],
])("a meter is %s at %d of 10 with a peak of %d", (tone, value, peak) => {
  show(<Meter label="CPU" value={value} peak={peak} most={10} />);

  expect(screen.getByRole("meter").getAttribute("data-tone")).toBe(tone);
});

test("a meter never claims more than it holds", () => {
  show(<Meter label="CPU" value={30} most={10} />);

  expect(screen.getByRole("meter").getAttribute("aria-valuenow")).toBe("10");
});
