import { Skeleton } from "@mantine/core";
import { useMemo } from "react";

import { EmptyState } from "../../../components/EmptyState/EmptyState";
import { NotRead } from "../../../components/NotRead/NotRead";
import { graphql, readFragment } from "../../../gql";
import { usePageQuery } from "../../../graph/usePageQuery";
import { LogView } from "./LogView";
import { keptOf, LogLineFragment } from "./store";

const PreviousLogsFragment = graphql(`
  fragment PreviousLogs_lines on LogLineConnection {
    pageInfo {
      hasPreviousPage
    }
    edges {
      node {
        ...LogLine_line
      }
    }
  }
`);

const PreviousLogsQuery = graphql(`
  query PreviousLogs($pod: ID!, $container: String) {
    node(id: $pod) {
      id
      ... on Pod {
        logs(last: 100, previous: true, container: $container) {
          ...PreviousLogs_lines
        }
      }
    }
  }
`);

export interface PreviousLogsProps {
  /** The pod's id. */
  pod: string;
  container: string | null;
  hasContainers: boolean;
}

/** What the run before the present one wrote last. Of one pod alone: to read that of many is dear. */
export function PreviousLogs({ pod, container, hasContainers }: PreviousLogsProps) {
  const variables = { pod, container };
  const data = usePageQuery({ query: PreviousLogsQuery, variables, requestPolicy: "network-only" });
  const logs = data?.node && "logs" in data.node ? data.node.logs : null;
  const page = readFragment(PreviousLogsFragment, logs);
  const kept = useMemo(() => keptOf((page?.edges ?? []).map(({ node }) => readFragment(LogLineFragment, node))), [page]);
  if (!data) return <Skeleton height={320} radius={0} />;
  if (!page) return <NotRead what="The log of the run before" />;
  return (
    <LogView kept={kept} hasPods={false} hasContainers={hasContainers} empty={<NoRunBefore />}>
      {page.pageInfo.hasPreviousPage && <span className="dim">The last 100 lines</span>}
    </LogView>
  );
}

export function NoRunBefore() {
  return <EmptyState icon="waves">No container has been started again: there is no run before this one.</EmptyState>;
}
