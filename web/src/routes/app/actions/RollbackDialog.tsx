import { Skeleton } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";

import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../../components/UserErrors/UserErrors";
import { graphql } from "../../../gql";
import { ActionDialog } from "./ActionDialog";
import { RollbackPlan } from "./RollbackPlan";
import type { RollbackPlanning } from "./useRollbackPlan";

const DeployRollback = graphql(`
  mutation DeployRollback($input: DeployWorkloadInput!) {
    deployWorkload(input: $input) {
      workload {
        id
        ...OverviewTab_workload
        ...RevisionsTab_workload
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

interface RollbackDialogProps {
  name: string;
  revision: number;
  planning: RollbackPlanning;
  onClose: () => void;
}

/** Shows the plan of going back, and deploys that very plan: what has moved since is refused, and planned again. */
export function RollbackDialog({ name, revision, planning, onClose }: RollbackDialogProps) {
  const { plan, review } = planning;
  const [{ data, error, fetching }, deploy] = useMutation(DeployRollback);
  const [sent, setSent] = useState<string | null>(null);
  const isAnswered = plan !== null && sent === plan.id && !fetching;
  const refused = isAnswered ? (data?.deployWorkload?.errors ?? []) : [];
  const mustPlan = (!plan && !planning.isBusy) || refused.length > 0;
  const rollBack = async () => {
    if (!plan) return;
    setSent(plan.id);
    const result = await deploy({ input: { planId: plan.id } });
    if (result.data?.deployWorkload?.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Roll ${name} back to revision ${revision}?`}
      action={mustPlan ? "Plan again" : "Roll back"}
      isBusy={fetching}
      isReady={!planning.isBusy}
      error={isAnswered ? error : undefined}
      errors={refused}
      onConfirm={() => (mustPlan ? review() : void rollBack())}
      onClose={onClose}
    >
      <p role="status" className="visually-hidden">
        {planning.isBusy ? "The plan is being made." : plan && "The plan is ready."}
      </p>
      {planning.isBusy && <Skeleton height={72} radius="md" />}
      {planning.error && <FailureNotice error={planning.error} />}
      <UserErrors errors={planning.refused} title="It cannot be rolled back as it is" />
      {plan && <RollbackPlan plan={plan} />}
    </ActionDialog>
  );
}
