import { autoscalingText } from "../../components/AutoscalingText/autoscalingText";
import { Age } from "../../components/Age/Age";
import { checkText } from "../../components/CheckText/checkText";
import { CopyText } from "../../components/CopyText/CopyText";
import { Fact, Facts } from "../../components/Panel/Facts";
import { credentialsText, resourcesText } from "../../components/ResourcesText/resourcesText";
import { volumeText } from "../../components/VolumeText/volumeText";
import { formatMoment } from "../../format/time";
import { sentence, word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { Description_WorkloadFragment } from "../../gql/graphql";
import { runsToAnEnd } from "./kind";

const USUAL_SHUTDOWN_SECONDS = 30;

const DescriptionFragment = graphql(`
  fragment Description_workload on Workload {
    id
    address
    updatedAt
    spec {
      kind
      schedule {
        cron
        timeZone
        concurrency
        suspended
        explanation
        nextRunAt
      }
      volumes {
        name
        path
        sizeGib
        storageClass
      }
      retries
      timeLimitSeconds
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
      autoscaling {
        minReplicas
        maxReplicas
        cpuPercent
        memoryPercent
      }
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
      files {
        path
      }
      secretFiles {
        path
      }
      registryCredentials {
        server
        username
      }
    }
    rollout {
      revision
    }
    volumeClaims(first: 100) {
      edges {
        node {
          id
          name
          capacity
        }
      }
    }
  }
`);

/** The app as its developer described it. */
export function Description({ workload }: { workload: FragmentType<typeof DescriptionFragment> }) {
  const { address, updatedAt, spec, rollout, volumeClaims } = readFragment(DescriptionFragment, workload);
  const disks = (volumeClaims?.edges ?? []).map(({ node }) => node);
  const isJob = runsToAnEnd(spec.kind);
  return (
    <Facts>
      <Fact name="Kind">{sentence(word(spec.kind))}</Fact>
      <Fact name="Image">
        <span className="mono">{spec.image}</span>
      </Fact>
      {address && (
        <Fact name="Address">
          <CopyText text={address} what="the address" />
        </Fact>
      )}
      {spec.port != null && <Fact name="Port">{spec.port}</Fact>}
      {spec.schedule && <ScheduleFacts schedule={spec.schedule} />}
      <Fact name="Size">{spec.resources ? resourcesText(spec.resources) : spec.size}</Fact>
      {!isJob && <Fact name="Replicas">{spec.autoscaling ? autoscalingText(spec.autoscaling) : spec.replicas}</Fact>}
      {isJob && <Fact name="Retries">{spec.retries}</Fact>}
      {spec.timeLimitSeconds != null && <Fact name="Time limit">{spec.timeLimitSeconds} s</Fact>}
      {spec.volumes.length > 0 && (
        <Fact name="Volumes">
          {spec.volumes.map((volume) => (
            <div key={volume.name}>{volumeText(volume, disks)}</div>
          ))}
        </Fact>
      )}
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
      <FileFacts name="Files" files={spec.files} />
      <FileFacts name="Secret files" files={spec.secretFiles} />
      {spec.registryCredentials && (
        <Fact name="Pulled by">
          <span className="mono">{credentialsText(spec.registryCredentials)}</span>
        </Fact>
      )}
      <Fact name="Changed">
        <Age of={updatedAt} />
      </Fact>
    </Facts>
  );
}

function FileFacts({ name, files }: { name: string; files: readonly { path: string }[] }) {
  if (files.length === 0) return null;
  return (
    <Fact name={name}>
      {files.map(({ path }) => (
        <div key={path} className="mono">
          {path}
        </div>
      ))}
    </Fact>
  );
}

function ScheduleFacts({ schedule }: { schedule: NonNullable<Description_WorkloadFragment["spec"]["schedule"]> }) {
  return (
    <>
      <Fact name="Schedule">
        <div className="mono">{schedule.cron}</div>
        <div>
          {schedule.explanation}, {schedule.timeZone}
        </div>
      </Fact>
      <Fact name="Next run">
        {schedule.nextRunAt ? formatMoment(schedule.nextRunAt) : schedule.suspended ? "none: it is paused" : "never"}
      </Fact>
    </>
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
