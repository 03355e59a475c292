import { render } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { StatusBadge_StatusFragmentDoc } from "../../gql/graphql";
import { StatusBadge } from "./StatusBadge";

test.each([
  ["PENDING", "Pending"],
  ["PROGRESSING", "Rolling out"],
  ["READY", "Deployed"],
  ["DEGRADED", "Degraded"],
  ["FAILED", "Failing"],
  ["STOPPED", "Stopped"],
  ["DELETING", "Deleting"],
  ["MISSING", "Missing"],
  ["UNKNOWN", "Unknown"],
] as const)("%s is told in a word and a sign, never by colour alone", (phase, word) => {
  const { container } = render(<StatusBadge status={makeFragmentData({ phase }, StatusBadge_StatusFragmentDoc)} />);

  expect(container.textContent).toBe(word);
  expect(container.querySelectorAll("svg")).toHaveLength(1);
});
