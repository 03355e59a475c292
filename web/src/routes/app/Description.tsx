import { ActionIcon, CopyButton } from "@mantine/core";

import { Age } from "../../components/Age/Age";
import { checkText } from "../../components/CheckText/checkText";
import { Icon } from "../../components/Icon/Icon";
import { Fact, Facts } from "../../components/Panel/Facts";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { Description_WorkloadFragment } from "../../gql/graphql";
import classes from "./AppPage.module.css";

const USUAL_SHUTDOWN_SECONDS = 30;

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
      command
      arguments
      shutdownSeconds
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
      {Object.entries(processOf(spec)).map(([name, text]) => text && <Fact key={name} name={name}>{text}</Fact>)}
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

/** What is said of the app's process, by name; the usual is not. */
function processOf(spec: Description_WorkloadFragment["spec"]): Record<string, string | null> {
  return {
    Command: spec.command.join(" ") || null,
    Arguments: spec.arguments.join(" ") || null,
    Readiness: checkText(spec.readiness),
    Liveness: checkText(spec.liveness),
    Startup: checkText(spec.startup),
    Shutdown: spec.shutdownSeconds === USUAL_SHUTDOWN_SECONDS ? null : `${spec.shutdownSeconds} s`,
  };
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
