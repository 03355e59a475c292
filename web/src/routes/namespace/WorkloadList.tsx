import { Button } from "@mantine/core";
import { Link } from "react-router";

import { DataTable } from "../../components/DataTable/DataTable";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { WorkloadRow } from "./WorkloadRow";

const WorkloadListFragment = graphql(`
  fragment WorkloadList_workloads on WorkloadConnection {
    edges {
      node {
        id
        ...WorkloadRow_workload
      }
    }
  }
`);

const COLUMNS = [
  { title: "App" },
  { title: "Status" },
  { title: "Pods" },
  { title: "Ready", isNumber: true },
  { title: "Size", isExtra: true },
  { title: "Changed", isExtra: true },
] as const;

export interface WorkloadListProps {
  slug: string;
  workloads: FragmentType<typeof WorkloadListFragment>;
}

export function WorkloadList({ slug, workloads }: WorkloadListProps) {
  const { edges } = readFragment(WorkloadListFragment, workloads);
  if (edges.length === 0) return <NoApps slug={slug} />;
  return (
    <DataTable label="Apps" columns={COLUMNS}>
      {edges.map(({ node }) => (
        <WorkloadRow key={node.id} slug={slug} workload={node} />
      ))}
    </DataTable>
  );
}

function NoApps({ slug }: { slug: string }) {
  return (
    <EmptyState
      icon="cube"
      action={
        <Button component={Link} to={`/namespaces/${slug}/new`} variant="default">
          Describe the first app
        </Button>
      }
    >
      No app runs here yet.
    </EmptyState>
  );
}
