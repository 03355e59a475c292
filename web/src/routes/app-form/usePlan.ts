import { useState } from "react";
import { useMutation, type CombinedError } from "urql";

import { graphql, type FragmentType } from "../../gql";
import type { PlanPanel_PlanFragmentDoc } from "../../gql/graphql";
import { refusals, type Refusal } from "./refusals";
import { toInput, type Values } from "./values";

const PlanWorkload = graphql(`
  mutation PlanWorkload($input: PlanWorkloadInput!) {
    planWorkload(input: $input) {
      plan {
        ...PlanPanel_plan
      }
      errors {
        ...PlanRefusal
      }
    }
  }
`);

export interface Planning {
  /** Of the very values that are in the form; null where there is none, or they were changed since. */
  plan: FragmentType<typeof PlanPanel_PlanFragmentDoc> | null;
  refusals: readonly Refusal[];
  error: CombinedError | undefined;
  isBusy: boolean;
  /** Whether a plan was made, and the form was changed since. */
  isOutdated: boolean;
  /** Ask the server for a plan; gives why it refused. */
  review: (values: Values) => Promise<readonly Refusal[]>;
}

/** The plan of what is in the form. */
export function usePlan(slug: string, values: Values): Planning {
  const [{ data, error, fetching }, plan] = useMutation(PlanWorkload);
  const [planned, setPlanned] = useState<Values | null>(null);
  const answer = planned === values ? data?.planWorkload : undefined;
  return {
    plan: answer?.plan ?? null,
    refusals: refusals(answer?.errors ?? []),
    error: planned === values ? error : undefined,
    isBusy: fetching,
    isOutdated: planned !== null && planned !== values,
    review: async (wanted) => {
      setPlanned(wanted);
      const result = await plan({ input: { namespace: slug, workload: toInput(wanted) } });
      return refusals(result.data?.planWorkload.errors ?? []);
    },
  };
}
