import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "urql";

import { ChangeList } from "../../../components/Changes/Changes";
import { Icon } from "../../../components/Icon/Icon";
import { graphql, readFragment, type FragmentType } from "../../../gql";
import { ActionDialog, type DialogProps } from "./ActionDialog";
import { specChanges } from "./specChanges";

const RollbackFragment = graphql(`
  fragment Rollback_revision on Revision {
    id
    number
    spec {
      kind
      autoscaling {
        minReplicas
        maxReplicas
        cpuPercent
        memoryPercent
      }
      schedule {
        cron
        timeZone
        concurrency
        suspended
      }
      volumes {
        name
        path
        sizeGib
        storageClass
      }
      retries
      timeLimitSeconds
      exposure
      image
      port
      size
      resources {
        cpuRequestMillicores
        cpuLimitMillicores
        memoryRequestMib
        memoryLimitMib
      }
      replicas
      runAsUser
      command
      arguments
      shutdownSeconds
      surge
      startup {
        ...CheckText_probe
      }
      liveness {
        ...CheckText_probe
      }
      readiness {
        ...CheckText_probe
      }
      environment {
        name
        value
      }
      secrets {
        name
      }
      files {
        path
        content
      }
      secretFiles {
        path
      }
      registryCredentials {
        server
        username
      }
    }
  }
`);

const RollbackWorkload = graphql(`
  mutation RollbackWorkload($input: RollbackWorkloadInput!) {
    rollbackWorkload(input: $input) {
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

export interface RollbackProps {
  slug: string;
  name: string;
  current: FragmentType<typeof RollbackFragment>;
  target: FragmentType<typeof RollbackFragment>;
}

/** The way back to a revision, with everything that changes shown first. */
export function Rollback(props: RollbackProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { number } = readFragment(RollbackFragment, props.target);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<Icon name="rollBack" />} onClick={open}>
        Roll back to {number}
      </Button>
      {isOpen && <RollbackDialog {...props} onClose={close} />}
    </>
  );
}

function RollbackDialog({ slug, name, current, target: chosen, onClose }: RollbackProps & DialogProps) {
  const target = readFragment(RollbackFragment, chosen);
  const changes = specChanges(readFragment(RollbackFragment, current).spec, target.spec);
  const [{ data, error, fetching }, rollBack] = useMutation(RollbackWorkload);
  const submit = async () => {
    const result = await rollBack({ input: { namespace: slug, name, revision: target.number } });
    if (result.data?.rollbackWorkload.errors.length === 0) onClose();
  };
  return (
    <ActionDialog
      title={`Roll ${name} back to revision ${target.number}?`}
      action="Roll back"
      isBusy={fetching}
      error={error}
      errors={data?.rollbackWorkload.errors ?? []}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      <p>
        {changes.length > 0
          ? "A new revision changes this:"
          : "Nothing of its description differs: its pods are replaced, as a new revision."}
      </p>
      <ChangeList changes={changes} />
      {target.spec.secrets.length > 0 && <p className="dim">Secrets get the values that they had then.</p>}
    </ActionDialog>
  );
}
