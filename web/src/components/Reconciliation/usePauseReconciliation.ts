import { useMutation } from "urql";

import { graphql } from "../../gql";

const PauseReconciliation = graphql(`
  mutation PauseReconciliation($input: UpdateNamespaceInput!) {
    updateNamespace(input: $input) {
      namespace {
        id
        reconciliationPaused
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

/** Leaves what others change in a namespace as it is, or has it repaired again. */
export function usePauseReconciliation(slug: string) {
  const [{ data, error, fetching }, update] = useMutation(PauseReconciliation);
  /** Whether that is done; where it is not, `error` or `errors` say why. */
  const pause = async (reconciliationPaused: boolean): Promise<boolean> => {
    const result = await update({ input: { slug, reconciliationPaused } });
    return result.data?.updateNamespace?.namespace != null;
  };
  return { pause, isBusy: fetching, error, errors: data?.updateNamespace?.errors ?? [] };
}
