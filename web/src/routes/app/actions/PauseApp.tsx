import { useMutation } from "urql";

import { graphql } from "../../../gql";
import { ActionDialog, type DialogProps } from "./ActionDialog";

const PauseWorkload = graphql(`
  mutation PauseWorkload($input: PauseWorkloadInput!) {
    answer: pauseWorkload(input: $input) {
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
    answer: resumeWorkload(input: $input) {
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

const PAUSE = {
  document: PauseWorkload,
  title: "Pause",
  text: "No run starts by itself until it is resumed. A run that is under way goes on to its end.",
};
const RESUME = {
  document: ResumeWorkload,
  title: "Resume",
  text: "It runs again when its schedule says so. Runs that were left out are not made up for.",
};

/** Pauses a schedule, or lets one that is paused go on. */
export function PauseApp({ slug, name, onClose, isPaused }: DialogProps & { isPaused: boolean }) {
  const { document, title, text } = isPaused ? RESUME : PAUSE;
  const [{ data, error, fetching }, change] = useMutation(document);
  const submit = async () => {
    const result = await change({ input: { namespace: slug, name } });
    if (result.data?.answer?.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`${title} ${name}?`}
      action={title}
      isBusy={fetching}
      error={error}
      errors={data?.answer?.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>{text}</p>
    </ActionDialog>
  );
}
