import { useMutation, type CombinedError } from "urql";

import type { UserErrorsProps } from "../../../components/UserErrors/UserErrors";
import { graphql, type FragmentType } from "../../../gql";
import type { RollbackPlan_PlanFragmentDoc } from "../../../gql/graphql";

const PlanRollback = graphql(`
  mutation PlanRollback($input: PlanRollbackInput!) {
    planRollback(input: $input) {
      plan {
        id
        ...RollbackPlan_plan
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export interface RollbackTarget {
  slug: string;
  name: string;
  /** The number of the revision to go back to. */
  revision: number;
}

export interface RollbackPlanning {
  /** The latest plan; null where there is none, or the next is being made. */
  plan: ({ id: string } & FragmentType<typeof RollbackPlan_PlanFragmentDoc>) | null;
  refused: UserErrorsProps["errors"];
  error: CombinedError | undefined;
  isBusy: boolean;
  /** Ask the server what going back would do now; nothing is changed by it. */
  review: () => void;
}

/** The plan of going back to a revision: what returns, as the server compares it with the revision that is current. */
export function useRollbackPlan({ slug, name, revision }: RollbackTarget): RollbackPlanning {
  const [{ data, error, fetching }, plan] = useMutation(PlanRollback);
  const answer = fetching ? undefined : data?.planRollback;
  return {
    plan: answer?.plan ?? null,
    refused: answer?.errors ?? [],
    error: fetching ? undefined : error,
    isBusy: fetching,
    review: () => void plan({ input: { namespace: slug, name, revision } }),
  };
}
