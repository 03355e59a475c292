import { Anchor, Button } from "@mantine/core";
import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { DiagnosisPanel_WorkloadFragment } from "../../gql/graphql";
import { Rollback } from "./actions/Rollback";
import classes from "./DiagnosisPanel.module.css";
import { fieldState, fixState } from "./fix";
import { logsAddress } from "./logs/choice";

const DiagnosisPanelFragment = graphql(`
  fragment DiagnosisPanel_workload on Workload {
    id
    name
    status {
      message
    }
    diagnosis {
      __typename
      ... on DiagnosisDetails {
        message
        pods
        evidence {
          source
          kind
          name
          reason
          message
          at
        }
        fix {
          label
          path
          value
        }
        rollbackRevision
      }
      ... on ImagePullFailure {
        cause
      }
      ... on CrashLoop {
        restarts
        lastLines
      }
      ... on OutOfMemory {
        lastLines
      }
    }
  }
`);

type Diagnosis = NonNullable<DiagnosisPanel_WorkloadFragment["diagnosis"]>;

const CAUSES: Record<Diagnosis["__typename"], string> = {
  CrashLoop: "The app ends again and again",
  ImagePullFailure: "The image cannot be pulled",
  MissingReference: "Something that the pods need is absent",
  OutOfMemory: "The app runs out of memory",
  PolicyRefusal: "A policy refuses the pods",
  PortMismatch: "Nothing listens on the app's port",
  ProbeFailure: "The app fails a health check",
  QuotaExhausted: "The namespace's quota has no room",
  RolloutOverdue: "The rollout takes too long",
  StartFailure: "The container cannot be started",
  TimeLimitExceeded: "The run takes longer than its time limit",
  Unschedulable: "No node takes the pods",
};

/** A job that failed at its only attempt ended once. */
function causeOf(diagnosis: Diagnosis): string {
  const isOnce = diagnosis.__typename === "CrashLoop" && diagnosis.restarts === 0;
  return isOnce ? "The app ended with an error" : CAUSES[diagnosis.__typename];
}

const PULL_CAUSES = {
  INVALID_NAME: "That is no image reference.",
  NOT_FOUND: "Its registry has no such image.",
  UNAUTHORIZED: "Its registry does not let the cluster in.",
  UNKNOWN: null,
  UNREACHABLE: "Its registry does not answer.",
};

export interface DiagnosisPanelProps {
  slug: string;
  workload: FragmentType<typeof DiagnosisPanelFragment>;
}

/** Why an app is not up: what is wrong, what that was concluded from, and the way out. Nothing for one that is up. */
export function DiagnosisPanel({ slug, workload }: DiagnosisPanelProps) {
  const { name, status, diagnosis } = readFragment(DiagnosisPanelFragment, workload);
  if (!diagnosis) return null;
  const { fix, message, rollbackRevision } = diagnosis;
  return (
    <Panel title={`Why it isn't up: ${causeOf(diagnosis)}`}>
      <div className={classes.diagnosis}>
        {!status.message.includes(message) && <p>{message}</p>}
        {diagnosis.__typename === "ImagePullFailure" && PULL_CAUSES[diagnosis.cause] && (
          <p>{PULL_CAUSES[diagnosis.cause]}</p>
        )}
        {fix && (
          <div>
            <Button component={Link} to={`/namespaces/${slug}/apps/${name}/edit`} state={fixState(fix)} size="xs">
              {fix.label}
            </Button>
          </div>
        )}
        {diagnosis.__typename === "ImagePullFailure" && diagnosis.cause === "UNAUTHORIZED" && (
          <div>
            <Button
              component={Link}
              to={`/namespaces/${slug}/apps/${name}/edit`}
              state={fieldState("registryCredentials")}
              size="xs"
            >
              Give it registry credentials
            </Button>
          </div>
        )}
        {rollbackRevision != null && (
          <div>
            <Rollback slug={slug} name={name} revision={rollbackRevision} />
          </div>
        )}
        {"lastLines" in diagnosis && <LastLines diagnosis={diagnosis} />}
        <Evidence diagnosis={diagnosis} />
      </div>
    </Panel>
  );
}

/** What the run that ended wrote last, and where more of it is. */
function LastLines({ diagnosis }: { diagnosis: Extract<Diagnosis, { lastLines: unknown }> }) {
  const { lastLines, pods } = diagnosis;
  if (!lastLines?.length) return <p className="dim">The log of the run that ended cannot be read.</p>;
  return (
    <figure className={classes.log}>
      <figcaption>Last lines of the run that ended</figcaption>
      {/* Wide lines scroll: the keyboard must reach them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label="Last lines of the run that ended">
        {lastLines.join("\n")}
      </pre>
      <Anchor component={Link} to={logsOfEnded(diagnosis, pods[0])} size="sm">
        More of its log
      </Anchor>
    </figure>
  );
}

/** A pod that was not started again shows the run that ended as its present one. */
function logsOfEnded(diagnosis: Diagnosis, pod: string | undefined): string {
  const isOnce = diagnosis.__typename === "CrashLoop" && diagnosis.restarts === 0;
  return logsAddress({ pod, isPrevious: !isOnce });
}

function Evidence({ diagnosis }: { diagnosis: Diagnosis }) {
  return (
    <ul className={classes.evidence} aria-label="Evidence">
      {diagnosis.evidence.map(({ source, kind, name, reason, message, at }) => (
        <li key={`${source} ${reason} ${message}`}>
          <span className="mono">
            {kind} {name}
          </span>
          {at && (
            <>
              {" "}
              <Age of={at} />
            </>
          )}
          <br />
          <strong>{reason}</strong> {message}
        </li>
      ))}
    </ul>
  );
}
