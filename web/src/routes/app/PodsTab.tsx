import { Anchor, Skeleton } from "@mantine/core";
import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { NotRead } from "../../components/NotRead/NotRead";
import { Panel } from "../../components/Panel/Panel";
import { STATE_WORDS } from "../../components/RolloutStrip/cells";
import { graphql, readFragment } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import classes from "./AppPage.module.css";
import { logsAddress } from "./logs/choice";
import type { TabProps } from "./tab";

const PodsTabFragment = graphql(`
  fragment PodsTab_workload on Workload {
    id
    pods(first: 100) {
      edges {
        node {
          id
          name
          revision
          state
          restarts
          reason
          message
          node
          ip
          createdAt
        }
      }
    }
  }
`);

const PodsQuery = graphql(`
  query AppPods($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      ...PodsTab_workload
    }
  }
`);

const COLUMNS = [
  { title: "Pod" },
  { title: "State" },
  { title: "Revision", isNumber: true, isExtra: true },
  { title: "Restarts", isNumber: true },
  { title: "Node", isExtra: true },
  { title: "Address", isExtra: true },
  { title: "Age", isExtra: true },
] as const;

/** Every pod, those of older revisions first; each leads to what it writes. */
export function PodsTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: PodsQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={160} radius="md" />;
  const pods = readFragment(PodsTabFragment, data.workload).pods;
  if (!pods) return <NotRead what="Pods" />;
  const { edges } = pods;
  return (
    <Panel title="Pods" flush>
      {edges.length === 0 ? (
        <EmptyState icon="cube">No pod is there: the app is stopped, or has not started yet.</EmptyState>
      ) : (
        <DataTable label="Pods" columns={COLUMNS}>
          {edges.map(({ node: pod }) => (
            <tr key={pod.id}>
              <Cell isProse>
                <Anchor component={Link} to={logsAddress({ pod: pod.name })} className="mono">
                  {pod.name}
                </Anchor>
              </Cell>
              <Cell isProse>
                {STATE_WORDS[pod.state]}
                {pod.reason && <span className={classes.reason}>: {pod.message ?? pod.reason}</span>}
              </Cell>
              <Cell isNumber isExtra>{pod.revision}</Cell>
              <Cell isNumber>{pod.restarts}</Cell>
              <Cell isExtra>{pod.node}</Cell>
              <Cell isExtra>
                <span className="mono">{pod.ip}</span>
              </Cell>
              <Cell isExtra>
                <Age of={pod.createdAt} />
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
    </Panel>
  );
}
