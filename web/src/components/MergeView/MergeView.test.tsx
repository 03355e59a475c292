import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { MergeView_ErrorFragmentDoc, type MergeView_ErrorFragment } from "../../gql/graphql";
import { show } from "../../test/render";
import { MergeView } from "./MergeView";

const REPLICAS = { kind: "Deployment", name: "engine", path: "spec.replicas", planned: "5", live: "9", base: null, manager: null };

function merge(rest: Partial<MergeView_ErrorFragment>) {
  const error: MergeView_ErrorFragment = { changes: [], conflicts: [], revision: null, author: null, ...rest };
  show(<MergeView error={makeFragmentData(error, MergeView_ErrorFragmentDoc)} />);
}

test("a field that moved stands with what is planned, what is live and what it was", () => {
  merge({ conflicts: [REPLICAS] });

  const object = within(screen.getByRole("region", { name: "Deployment/engine" }));
  expect(object.getByText("spec.replicas")).toBeDefined();
  expect(object.getAllByRole("term").map((each) => each.textContent)).toEqual(["Planned", "Live now", "When planned"]);
  expect(object.getAllByRole("definition").map((each) => each.textContent)).toEqual(["5", "9", "none"]);
});

test("fields are told by their object, and the app's own together", () => {
  const size = { ...REPLICAS, kind: "Workload", path: "size", live: '"M"' };

  merge({ conflicts: [size, REPLICAS] });

  expect(screen.getAllByRole("region").map((each) => each.getAttribute("aria-label"))).toEqual(["The app", "Deployment/engine"]);
});

test.each([
  [null, '"a"', "It was deleted."],
  ['"b"', null, "It was added."],
  ['"b"', '"a"', "It was deleted, and made anew."],
])("an object of another UID is told in words", (live, base, told) => {
  merge({ conflicts: [{ ...REPLICAS, path: "metadata.uid", live, base }] });

  expect(screen.getByText(told)).toBeDefined();
  expect(screen.queryByRole("term")).toBeNull();
});

test("who deployed meanwhile is named", () => {
  merge({ revision: 4, author: { id: "User:1", displayName: "Grace" }, changes: ["revision"] });

  expect(screen.getByText("Revision 4, deployed by Grace")).toBeDefined();
  expect(screen.getByText("The app is described as before.")).toBeDefined();
});

test("who set a field in the cluster is named as Kubernetes names them", () => {
  merge({ conflicts: [{ ...REPLICAS, manager: "kubectl-edit" }] });

  expect(screen.getByText("set by kubectl-edit")).toBeDefined();
});

test("where no field is known, what moved is named", () => {
  merge({ changes: ["Service/engine"] });

  expect(screen.getByText("Service/engine")).toBeDefined();
});
