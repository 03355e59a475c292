import { Skeleton } from "@mantine/core";

import { Age } from "../../components/Age/Age";
import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { NotRead } from "../../components/NotRead/NotRead";
import { Panel } from "../../components/Panel/Panel";
import { sentence, word } from "../../format/words";
import { graphql, readFragment } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import type { TabProps } from "./tab";

const RunsTabFragment = graphql(`
  fragment RunsTab_workload on Workload {
    id
    runs(first: 50) {
      edges {
        node {
          id
          name
          revision
          trigger
          state
          message
          createdAt
          finishedAt
        }
      }
    }
  }
`);

const RunsQuery = graphql(`
  query AppRuns($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      ...RunsTab_workload
    }
  }
`);

const COLUMNS = [
  { title: "Run" },
  { title: "State" },
  { title: "Began by", isExtra: true },
  { title: "Revision", isNumber: true, isExtra: true },
  { title: "Began" },
  { title: "Ended", isExtra: true },
] as const;

/** The runs of a job that the cluster still knows of, the latest first. */
export function RunsTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: RunsQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={160} radius="md" />;
  const runs = readFragment(RunsTabFragment, data.workload).runs;
  if (!runs) return <NotRead what="Runs" />;
  const { edges } = runs;
  return (
    <Panel title="Runs" flush>
      {edges.length === 0 ? (
        <EmptyState icon="waves">It has not run yet. Run it now, or wait until it is due.</EmptyState>
      ) : (
        <DataTable label="Runs" columns={COLUMNS}>
          {edges.map(({ node: run }) => (
            <tr key={run.id}>
              <Cell isProse>
                <span className="mono">{run.name}</span>
              </Cell>
              <Cell isProse>
                {sentence(word(run.state))}
                {run.state !== "SUCCEEDED" && `: ${run.message}`}
              </Cell>
              <Cell isExtra>{word(run.trigger)}</Cell>
              <Cell isNumber isExtra>{run.revision}</Cell>
              <Cell>
                <Age of={run.createdAt} />
              </Cell>
              <Cell isExtra>{run.finishedAt ? <Age of={run.finishedAt} /> : "not yet"}</Cell>
            </tr>
          ))}
        </DataTable>
      )}
    </Panel>
  );
}
