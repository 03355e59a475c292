import { graphql, readFragment, type FragmentType } from "../../gql";
import type { PlanRefusalFragment } from "../../gql/graphql";
import type { FieldError, FieldErrors } from "./rules";

export const PlanRefusalFragmentDoc = graphql(`
  fragment PlanRefusal on UserError {
    __typename
    message
    path
    ... on InvalidInputError {
      example
    }
    ... on PlanConflictError {
      revision
      ...MergeView_error
    }
    ... on QuotaExceededError {
      fix {
        ...FixButton_fix
      }
    }
    ... on PolicyViolationError {
      fix {
        ...FixButton_fix
      }
    }
  }
`);

/** Why the server would not plan it. */
export type Refusal = PlanRefusalFragment;

export function refusals(errors: readonly FragmentType<typeof PlanRefusalFragmentDoc>[]): readonly Refusal[] {
  return readFragment(PlanRefusalFragmentDoc, errors);
}

/** The refusals by the form's field that they are about; several about one field are one text. */
export function refusedFields(all: readonly Refusal[]): FieldErrors {
  const fields = new Map<string, FieldError>();
  for (const refusal of all) {
    const field = fieldOf(refusal);
    if (field === "") continue;
    const before = fields.get(field);
    const example = "example" in refusal ? (refusal.example ?? null) : null;
    fields.set(field, { message: [before?.message, refusal.message].filter(Boolean).join(" "), example });
  }
  return fields;
}

/** The form's field, as in `environment.0.name`; empty for the app as a whole. */
function fieldOf({ path }: Refusal): string {
  return (path[0] === "workload" ? path.slice(1) : path).join(".");
}
