import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import type { UserErrors_ErrorFragment } from "../../gql/graphql";
import { UserErrors, type UserErrorsProps } from "./UserErrors";

function show(errors: UserErrors_ErrorFragment[]) {
  render(<UserErrors errors={errors as UserErrorsProps["errors"]} />);
}

test("each refusal is read out, with what changed where a plan no longer holds", () => {
  show([{ message: "The quota is spent." }, { message: "The plan no longer holds.", changes: ["Deployment/engine"] }]);

  expect(screen.getByRole("alert").textContent).toBe(
    "That was not doneThe quota is spent.The plan no longer holds.Deployment/engine",
  );
});

test("where nothing was refused there is nothing to read", () => {
  show([]);

  expect(screen.queryByRole("alert")).toBeNull();
});
