import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { RolloutStrip_RolloutFragmentDoc, type PodState } from "../../gql/graphql";
import type { Cell } from "./cells";
import { RolloutStrip, type RolloutStripProps } from "./RolloutStrip";

function cell(state: PodState, fields: Partial<Cell> = {}): Cell {
  return { podName: null, revision: 2, isCurrent: true, state, reason: null, ...fields };
}

const old = (state: PodState) => cell(state, { revision: 1, isCurrent: false });

function show(cells: Cell[], size: RolloutStripProps["size"] = "large") {
  const rollout = makeFragmentData({ cells }, RolloutStrip_RolloutFragmentDoc);
  render(<RolloutStrip rollout={rollout} size={size} />);
  return screen.getByRole("img");
}

test("the strip says in words how many pods of which revision are in which state, the old revision first", () => {
  const strip = show([cell("READY"), cell("STARTING"), old("TERMINATING"), cell("READY")]);

  expect(strip.getAttribute("aria-label")).toBe("Pods of revision 1: 1 stopping; revision 2: 1 starting, 2 ready");
});

test("an app that is stopped has no pods", () => {
  expect(show([]).getAttribute("aria-label")).toBe("No pods");
});

test("each pod is a cell in its state, old ones on the left", () => {
  const strip = show([cell("PENDING"), old("READY"), cell("FAILED")]);

  const states = Array.from(strip.querySelectorAll("[data-state]"), (each) => each.getAttribute("data-state"));
  expect(states).toEqual(["READY", "PENDING", "FAILED"]);
});

test("a cell tells its pod, state and reason", () => {
  show([cell("FAILED", { podName: "engine-1", reason: "ImagePullBackOff" }), cell("PENDING")]);

  expect(screen.getByTitle("engine-1: failing (ImagePullBackOff)")).toBeDefined();
  expect(screen.getByTitle("A pod to come: waiting")).toBeDefined();
});

test("both revisions are named", () => {
  const strip = show([old("READY"), cell("READY")]);

  expect(strip.textContent).toBe("Before: revision 1Revision 2");
});

test("in a row the last twelve are drawn and the others counted, and the words count them all", () => {
  const strip = show(Array.from({ length: 15 }, (_each, index) => cell(index < 3 ? "PENDING" : "READY")), "small");

  expect(strip.querySelectorAll("[data-state=READY]")).toHaveLength(12);
  expect(strip.querySelectorAll("[data-state=PENDING]")).toHaveLength(0);
  expect(strip.textContent).toBe("3 more");
  expect(strip.getAttribute("aria-label")).toBe("Pods of revision 2: 3 waiting, 12 ready");
});
