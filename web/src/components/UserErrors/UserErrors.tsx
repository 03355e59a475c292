import { graphql, readFragment, type FragmentType } from "../../gql";
import { Notice } from "../FailureNotice/Notice";

const UserErrorsFragment = graphql(`
  fragment UserErrors_error on UserError {
    message
    ... on PlanConflictError {
      changes
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
        <p key={error.message}>{error.message}</p>
      ))}
      {shown.flatMap((error) => ("changes" in error ? error.changes : [])).map((change) => (
        <p key={change} className="mono">
          {change}
        </p>
      ))}
    </Notice>
  );
}
