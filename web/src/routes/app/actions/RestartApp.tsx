import { useMutation } from "urql";

import { graphql } from "../../../gql";
import { ActionDialog, type DialogProps } from "./ActionDialog";

const RestartWorkload = graphql(`
  mutation RestartWorkload($input: RestartWorkloadInput!) {
    restartWorkload(input: $input) {
      workload {
        id
        ...RolloutPanel_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function RestartApp({ slug, name, onClose }: DialogProps) {
  const [{ data, error, fetching }, restart] = useMutation(RestartWorkload);
  const submit = async () => {
    const result = await restart({ input: { namespace: slug, name } });
    if (result.data?.restartWorkload?.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Restart ${name}?`}
      action="Restart"
      isBusy={fetching}
      error={error}
      errors={data?.restartWorkload?.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>Its pods are replaced one by one by new ones of the same description. It serves all the while.</p>
    </ActionDialog>
  );
}
