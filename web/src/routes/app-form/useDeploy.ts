import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation, type CombinedError } from "urql";

import { graphql, type FragmentType } from "../../gql";
import type { UserErrors_ErrorFragmentDoc } from "../../gql/graphql";

const DeployWorkload = graphql(`
  mutation DeployWorkload($input: DeployWorkloadInput!) {
    deployWorkload(input: $input) {
      workload {
        id
        name
      }
      errors {
        ...UserErrors_error
        ... on PlanConflictError {
          revision
        }
      }
    }
  }
`);

export interface Deploying {
  isBusy: boolean;
  /** Why the plan `planId` was not deployed. */
  failure: (planId: string) => { error: CombinedError | undefined; refused: readonly Refused[] };
  deploy: (planId: string) => Promise<void>;
}

type Refused = FragmentType<typeof UserErrors_ErrorFragmentDoc> & {
  /** The one that somebody else deployed since, where that is why. */
  revision?: number | null;
};

/** Deploys a plan, then leads to the app, unless the form was left meanwhile. `onDeployed`: nothing typed is at stake. */
export function useDeploy(slug: string, onDeployed: () => void): Deploying {
  const navigate = useNavigate();
  const [{ data, error, fetching }, send] = useMutation(DeployWorkload);
  const [sent, setSent] = useState<string | null>(null);
  const isShown = useIsShown();
  return {
    isBusy: fetching,
    failure: (planId) =>
      planId === sent && !fetching ? { error, refused: data?.deployWorkload?.errors ?? [] } : { error: undefined, refused: [] },
    deploy: async (planId) => {
      setSent(planId);
      const result = await send({ input: { planId } });
      const app = result.data?.deployWorkload?.workload;
      if (!app || !isShown.current) return;
      onDeployed();
      await navigate(`/namespaces/${slug}/apps/${app.name}`);
    },
  };
}

function useIsShown() {
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return isShown;
}
