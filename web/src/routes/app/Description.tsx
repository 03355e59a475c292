import { ActionIcon, CopyButton } from "@mantine/core";

import { Age } from "../../components/Age/Age";
import { Icon } from "../../components/Icon/Icon";
import { Fact, Facts } from "../../components/Panel/Facts";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./AppPage.module.css";

const DescriptionFragment = graphql(`
  fragment Description_workload on Workload {
    id
    address
    updatedAt
    spec {
      image
      port
      size
      replicas
      runAsUser
      environment {
        name
        value
      }
      secrets {
        name
      }
    }
    rollout {
      revision
    }
  }
`);

/** The app as its developer described it. */
export function Description({ workload }: { workload: FragmentType<typeof DescriptionFragment> }) {
  const { address, updatedAt, spec, rollout } = readFragment(DescriptionFragment, workload);
  return (
    <Facts>
      <Fact name="Image">
        <span className="mono">{spec.image}</span>
      </Fact>
      {address && (
        <Fact name="Address">
          <Address address={address} />
        </Fact>
      )}
      <Fact name="Port">{spec.port ?? "none"}</Fact>
      <Fact name="Size">{spec.size}</Fact>
      <Fact name="Replicas">{spec.replicas}</Fact>
      <Fact name="Revision">{rollout.revision ?? "none"}</Fact>
      {spec.runAsUser != null && <Fact name="Runs as user">{spec.runAsUser}</Fact>}
      {spec.environment.length > 0 && (
        <Fact name="Environment">
          {spec.environment.map(({ name, value }) => (
            <div key={name} className="mono">
              {name}={value}
            </div>
          ))}
        </Fact>
      )}
      {spec.secrets.length > 0 && (
        <Fact name="Secrets">
          {spec.secrets.map(({ name }) => (
            <div key={name} className="mono">
              {name}
            </div>
          ))}
        </Fact>
      )}
      <Fact name="Changed">
        <Age of={updatedAt} />
      </Fact>
    </Facts>
  );
}

function Address({ address }: { address: string }) {
  return (
    <span className={classes.address}>
      <span className="mono">{address}</span>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Copy the address" onClick={copy}>
            <Icon name={copied ? "check" : "copy"} size={14} />
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
