import { useEffect, useRef, useState } from "react";
import { useMutation, type CombinedError } from "urql";

import { graphql, type FragmentType } from "../../gql";
import type { PlanPanel_PlanFragmentDoc } from "../../gql/graphql";
import { fieldsOf, type Kind } from "./kinds";
import { refusals, type Refusal } from "./refusals";
import { asked, toInput, type Values } from "./values";

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
  /**
   * Ask the server for a plan; gives why it refused, and nothing where the form was changed meanwhile. `seen` is the
   * revision of somebody else's that was shown, and is planned over from now on; null: whichever is current.
   */
  review: (values: Values, seen?: number | null) => Promise<readonly Refusal[]>;
}

export interface PlanOptions {
  baseRevision: number | null;
  kinds: readonly Kind[];
}

/**
 * The plan of what is in the form, which began with the revision `baseRevision` (null: with none). What others deployed
 * since is refused, so that it is not undone unseen, until somebody plans on who has seen it.
 */
export function usePlan(slug: string, values: Values, { baseRevision, kinds }: PlanOptions): Planning {
  const [{ data, error, fetching }, plan] = useMutation(PlanWorkload);
  const [planned, setPlanned] = useState<Values | null>(null);
  const [base, setBase] = useState(baseRevision);
  const latest = useRef(values);
  useEffect(() => {
    latest.current = values;
  }, [values]);
  const answer = planned === values ? data?.planWorkload : undefined;
  return {
    plan: answer?.plan ?? null,
    refusals: refusals(answer?.errors ?? []),
    error: planned === values ? error : undefined,
    isBusy: fetching,
    isOutdated: planned !== null && planned !== values,
    review: async (wanted, seen = base) => {
      setPlanned(wanted);
      setBase(seen);
      const workload = toInput(asked(wanted, fieldsOf(kinds, wanted.kind)));
      const input = { namespace: slug, workload, baseRevision: seen };
      const result = await plan({ input });
      return latest.current === wanted ? refusals(result.data?.planWorkload?.errors ?? []) : [];
    },
  };
}
