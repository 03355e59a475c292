import { Age } from "../../components/Age/Age";
import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { graphql, readFragment, type FragmentType } from "../../gql";

const ConditionsFragment = graphql(`
  fragment Conditions_status on WorkloadStatus {
    conditions {
      type
      status
      reason
      message
      lastTransition
    }
  }
`);

const COLUMNS = [
  { title: "Condition" },
  { title: "Status" },
  { title: "Why" },
  { title: "Since", isExtra: true },
] as const;

/** The Deployment's conditions, as Kubernetes writes them. */
export function Conditions({ status }: { status: FragmentType<typeof ConditionsFragment> }) {
  const { conditions } = readFragment(ConditionsFragment, status);
  if (conditions.length === 0) return <EmptyState icon="waves">The cluster has said nothing of it yet.</EmptyState>;
  return (
    <DataTable label="Conditions" columns={COLUMNS} stacks>
      {conditions.map(({ type, status: value, reason, message, lastTransition }) => (
        <tr key={type}>
          <Cell>{type}</Cell>
          <Cell>{value}</Cell>
          <Cell isProse>
            <strong>{reason}</strong> {message}
          </Cell>
          <Cell isExtra>{lastTransition ? <Age of={lastTransition} /> : ""}</Cell>
        </tr>
      ))}
    </DataTable>
  );
}
