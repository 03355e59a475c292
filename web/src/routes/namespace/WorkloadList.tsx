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
  /** Whether apps ran here that can be brought back. */
  hasDeleted: boolean;
}

export function WorkloadList({ slug, workloads, hasDeleted }: WorkloadListProps) {
  const { edges } = readFragment(WorkloadListFragment, workloads);
  if (edges.length === 0) return <NoApps slug={slug} hasDeleted={hasDeleted} />;
  return (
    <DataTable label="Apps" columns={COLUMNS} stacks>
      {edges.map(({ node }) => (
        <WorkloadRow key={node.id} slug={slug} workload={node} />
      ))}
    </DataTable>
  );
}

function NoApps({ slug, hasDeleted }: { slug: string; hasDeleted: boolean }) {
  return (
    <EmptyState
      icon="cube"
      action={
        <Button component={Link} to={`/namespaces/${slug}/new`} variant="default">
          {hasDeleted ? "Describe an app" : "Describe the first app"}
        </Button>
      }
    >
      {hasDeleted ? "No app runs here now. Those deleted in the last 24 hours can be brought back." : "No app runs here yet."}
    </EmptyState>
  );
}
