import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { MetricChart_ResultFragmentDoc, type MetricChart_ResultFragment } from "../../gql/graphql";
import { MIB } from "../../test/data";
import { MetricChart } from "./MetricChart";

function show(result: MetricChart_ResultFragment) {
  render(<MetricChart title="Memory" result={makeFragmentData(result, MetricChart_ResultFragmentDoc)} />);
}

test("a series is drawn, with its latest value beside its name and its course in words", async () => {
  const points = [128, 512, 256].map((mebibytes, minute) => ({ at: `2026-05-04T12:0${minute}:00Z`, value: mebibytes * MIB }));

  show({ __typename: "MetricSeries", unit: "BYTES", latest: 256 * MIB, points });

  const words = "Memory over time: now 256 MiB, between 128 MiB and 512 MiB";
  expect(await screen.findByRole("img", { name: words })).toBeDefined();
  expect(screen.getByText("256 MiB")).toBeDefined();
});

test("no data is an answer of its own, and no failure", () => {
  show({ __typename: "MetricNoData", message: "Nothing was measured in this hour." });

  expect(screen.getByText("No data yet")).toBeDefined();
  expect(screen.getByText("Nothing was measured in this hour.")).toBeDefined();
  expect(screen.queryByText("The metrics source is down")).toBeNull();
});

test("a source that is down is said to be, and not taken for no data", () => {
  show({ __typename: "MetricSourceDown", message: "Prometheus does not answer." });

  expect(screen.getByText("The metrics source is down")).toBeDefined();
  expect(screen.getByText("Prometheus does not answer.")).toBeDefined();
  expect(screen.queryByText("No data yet")).toBeNull();
});
