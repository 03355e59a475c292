import { useMutation } from "urql";

import { graphql } from "../../../gql";
import { ActionDialog, type DialogProps } from "./ActionDialog";

const RunWorkload = graphql(`
  mutation RunWorkload($input: RunWorkloadInput!) {
    runWorkload(input: $input) {
      workload {
        id
        ...RolloutPanel_workload
        ...RunsTab_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function RunApp({ slug, name, onClose }: DialogProps) {
  const [{ data, error, fetching }, run] = useMutation(RunWorkload);
  const submit = async () => {
    const result = await run({ input: { namespace: slug, name } });
    if (result.data?.runWorkload?.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Run ${name} now?`}
      action="Run now"
      isBusy={fetching}
      error={error}
      errors={data?.runWorkload?.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>One more run of its current revision begins at once, beside any that is under way.</p>
    </ActionDialog>
  );
}
