import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { graphql } from "../../gql";

const RestoreWorkload = graphql(`
  mutation RestoreWorkload($input: RestoreWorkloadInput!) {
    restoreWorkload(input: $input) {
      workload {
        id
        name
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

/** Brings a deleted app back, and leads to it; where it is refused, `error` or `errors` say why. */
export function useRestore(slug: string, id: string) {
  const [{ data, error, fetching }, restore] = useMutation(RestoreWorkload);
  const navigate = useNavigate();
  const submit = async () => {
    const result = await restore({ input: { namespace: slug, id } });
    const workload = result.data?.restoreWorkload?.workload;
    if (workload) await navigate(`/namespaces/${slug}/apps/${workload.name}`);
  };
  return { restore: () => void submit(), isBusy: fetching, error, errors: data?.restoreWorkload?.errors ?? [] };
}
