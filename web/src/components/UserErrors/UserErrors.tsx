import { Fragment } from "react";

import { graphql, readFragment, type FragmentType } from "../../gql";
import { MergeView } from "../MergeView/MergeView";
import { Notice } from "../FailureNotice/Notice";

const UserErrorsFragment = graphql(`
  fragment UserErrors_error on UserError {
    __typename
    message
    ... on PlanConflictError {
      ...MergeView_error
    }
  }
`);

export interface UserErrorsProps {
  errors: readonly FragmentType<typeof UserErrorsFragment>[];
  title?: string;
}

/** Why a mutation was refused: each a sentence that names the way out. Nothing where it was not. */
export function UserErrors({ errors, title = "That was not done" }: UserErrorsProps) {
  const shown = readFragment(UserErrorsFragment, errors);
  if (shown.length === 0) return null;
  return (
    <Notice tone="failure" title={title}>
      {shown.map((error) => (
        <Fragment key={error.message}>
          <p>{error.message}</p>
          {error.__typename === "PlanConflictError" && <MergeView error={error} />}
        </Fragment>
      ))}
    </Notice>
  );
}
