import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { Panel } from "../../components/Panel/Panel";
import { formatValue } from "../../format/units";
import { graphql, readFragment, type FragmentType } from "../../gql";

const VolumesPanelFragment = graphql(`
  fragment VolumesPanel_workload on Workload {
    id
    volumeClaims(first: 100) {
      edges {
        node {
          id
          name
          bound
          capacity
          storageClass
        }
      }
    }
  }
`);

const COLUMNS = [{ title: "Volume" }, { title: "State" }, { title: "Size", isNumber: true }, { title: "Class" }] as const;

/** The disks of a stateful service, those of former replicas too; nothing for an app that has none. */
export function VolumesPanel({ workload }: { workload: FragmentType<typeof VolumesPanelFragment> }) {
  const { edges } = readFragment(VolumesPanelFragment, workload).volumeClaims;
  if (edges.length === 0) return null;
  return (
    <Panel title="Volumes" flush>
      <DataTable label="Volumes" columns={COLUMNS}>
        {edges.map(({ node: claim }) => (
          <tr key={claim.id}>
            <Cell isProse>
              <span className="mono">{claim.name}</span>
            </Cell>
            <Cell>{claim.bound ? "Bound" : "Waiting for a disk"}</Cell>
            <Cell isNumber>{claim.capacity == null ? "" : formatValue(claim.capacity, "BYTES")}</Cell>
            <Cell>{claim.storageClass}</Cell>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}
