import { useMutation } from "urql";

import { graphql } from "../../../gql";
import { ActionDialog, type DialogProps } from "./ActionDialog";

const PauseWorkload = graphql(`
  mutation PauseWorkload($input: PauseWorkloadInput!) {
    pauseWorkload(input: $input) {
      workload {
        id
        ...AppActions_workload
        ...OverviewTab_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

const ResumeWorkload = graphql(`
  mutation ResumeWorkload($input: ResumeWorkloadInput!) {
    resumeWorkload(input: $input) {
      workload {
        id
        ...AppActions_workload
        ...OverviewTab_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function PauseApp({ slug, name, onClose }: DialogProps) {
  const [{ data, error, fetching }, pause] = useMutation(PauseWorkload);
  const submit = async () => {
    const result = await pause({ input: { namespace: slug, name } });
    if (result.data?.pauseWorkload.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Pause ${name}?`}
      action="Pause"
      isBusy={fetching}
      error={error}
      errors={data?.pauseWorkload.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>No run starts by itself until it is resumed. A run that is under way goes on to its end.</p>
    </ActionDialog>
  );
}

export function ResumeApp({ slug, name, onClose }: DialogProps) {
  const [{ data, error, fetching }, resume] = useMutation(ResumeWorkload);
  const submit = async () => {
    const result = await resume({ input: { namespace: slug, name } });
    if (result.data?.resumeWorkload.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Resume ${name}?`}
      action="Resume"
      isBusy={fetching}
      error={error}
      errors={data?.resumeWorkload.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>It runs again when its schedule says so. Runs that were left out are not made up for.</p>
    </ActionDialog>
  );
}
