import { Skeleton } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { Panel } from "../../../components/Panel/Panel";
import { graphql, readFragment } from "../../../gql";
import type { LogsTab_WorkloadFragment } from "../../../gql/graphql";
import { usePageQuery } from "../../../graph/usePageQuery";
import type { TabProps } from "../tab";
import { choiceOf, type Choice } from "./choice";
import { LiveLogs } from "./LiveLogs";
import { LogControls, type LogControlsProps } from "./LogControls";
import { PodIsGone } from "./PodIsGone";
import { NoRunBefore, PreviousLogs } from "./PreviousLogs";

const LogsTabFragment = graphql(`
  fragment LogsTab_workload on Workload {
    id
    pods(first: 100) {
      edges {
        node {
          id
          name
          restarts
          containers {
            name
          }
        }
      }
    }
  }
`);

type Pod = NonNullable<LogsTab_WorkloadFragment["pods"]>["edges"][number]["node"];

const LogsQuery = graphql(`
  query AppLogs($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      ...LogsTab_workload
    }
  }
`);

/** What the app's pods write, as they write it; and what the run before wrote, where one crashed. */
export function LogsTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: LogsQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={320} radius="md" />;
  return <Logs workload={readFragment(LogsTabFragment, data.workload)} />;
}

function Logs({ workload }: { workload: LogsTab_WorkloadFragment }) {
  const [chosen, choose] = useChoice();
  const [attempt, setAttempt] = useState(0);
  const pods = (workload.pods?.edges ?? []).map(({ node }) => node);
  const choice = chosen.isPrevious ? { ...chosen, pod: chosen.pod ?? restartedMost(pods) } : chosen;
  const containers = [...new Set(pods.flatMap((pod) => pod.containers.map((container) => container.name)))];
  const names = pods.map((pod) => pod.name);
  const hasContainers = containers.length > 1 && choice.container === null;
  const onAllPods = () => choose("pod", null);
  return (
    <Panel
      title="Logs"
      flush
      aside={<LogControls choice={choice} pods={names} containers={containers} onChoose={choose} />}
    >
      {choice.isPrevious ? (
        <Previous pods={pods} choice={choice} hasContainers={hasContainers} onAllPods={onAllPods} />
      ) : (
        <LiveLogs
          key={JSON.stringify([attempt, choice])}
          workload={workload.id}
          choice={choice}
          canWrite={pods.length > 0}
          hasContainers={hasContainers}
          onRetry={() => setAttempt(attempt + 1)}
          onAllPods={onAllPods}
        />
      )}
    </Panel>
  );
}

/** What the URL says, and a way to change it. */
function useChoice(): [Choice, LogControlsProps["onChoose"]] {
  const [search, setSearch] = useSearchParams();
  const choose: LogControlsProps["onChoose"] = (name, value) => {
    const change = (old: URLSearchParams) => {
      if (value === null) old.delete(name);
      else old.set(name, value);
      return old;
    };
    setSearch(change, { replace: true, preventScrollReset: true });
  };
  return [choiceOf(search), choose];
}

/** Of which pod somebody wants to know how a run ended; null where no container was started again. */
function restartedMost(pods: readonly Pod[]): string | null {
  const [most] = pods.filter(({ restarts }) => restarts > 0).sort((one, other) => other.restarts - one.restarts);
  return most?.name ?? null;
}

interface PreviousProps {
  pods: readonly Pod[];
  choice: Choice;
  hasContainers: boolean;
  onAllPods: () => void;
}

function Previous({ pods, choice, hasContainers, onAllPods }: PreviousProps) {
  if (choice.pod === null) return <NoRunBefore />;
  const pod = pods.find(({ name }) => name === choice.pod);
  if (!pod) return <PodIsGone pod={choice.pod} onAllPods={onAllPods} />;
  return <PreviousLogs pod={pod.id} container={choice.container} hasContainers={hasContainers} />;
}
