import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { makeFragmentData } from "../../gql";
import { MergeView_ErrorFragmentDoc, type UserErrors_ErrorFragment } from "../../gql/graphql";
import { UserErrors, type UserErrorsProps } from "./UserErrors";

function show(errors: UserErrors_ErrorFragment[]) {
  render(<UserErrors errors={errors as UserErrorsProps["errors"]} />);
}

test("each refusal is read out, with what changed where a plan no longer holds", () => {
  const moved = { changes: ["Deployment/engine"], conflicts: [], revision: null, author: null };
  show([
    { __typename: "PlanExpiredError", message: "The quota is spent." },
    {
      __typename: "PlanConflictError",
      message: "The plan no longer holds.",
      ...makeFragmentData(moved, MergeView_ErrorFragmentDoc),
    },
  ]);

  expect(screen.getByRole("alert").textContent).toBe(
    "That was not doneThe quota is spent.The plan no longer holds.Deployment/engine",
  );
});

test("where nothing was refused there is nothing to read", () => {
  show([]);

  expect(screen.queryByRole("alert")).toBeNull();
});
