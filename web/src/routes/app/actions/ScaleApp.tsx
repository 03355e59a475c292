import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";

import { ActionDialog, type DialogProps } from "./ActionDialog";
import { graphql } from "../../../gql";

const ScaleWorkload = graphql(`
  mutation ScaleWorkload($input: ScaleWorkloadInput!) {
    scaleWorkload(input: $input) {
      workload {
        id
        ...RolloutPanel_workload
        ...AppActions_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function ScaleApp({ slug, name, replicas, onClose }: DialogProps & { replicas: number }) {
  const [wanted, setWanted] = useState<number | null>(replicas);
  const [{ data, error, fetching }, scale] = useMutation(ScaleWorkload);
  const submit = async () => {
    if (wanted === null) return;
    const result = await scale({ input: { namespace: slug, name, replicas: wanted } });
    if (result.data?.scaleWorkload?.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Scale ${name}`}
      action="Scale"
      isBusy={fetching}
      isReady={wanted !== null && wanted !== replicas}
      error={error}
      errors={data?.scaleWorkload?.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <NumberInput
        label="Replicas"
        description="How many pods; 0 stops the app"
        min={0}
        clampBehavior="none" // a number that is none of ours is refused, and not made another
        allowDecimal={false}
        data-autofocus
        value={wanted ?? ""}
        onChange={(value) => setWanted(value === "" ? null : Number(value))}
      />
    </ActionDialog>
  );
}
