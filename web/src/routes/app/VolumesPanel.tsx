import { Cell, DataTable } from "../../components/DataTable/DataTable";
import { Panel } from "../../components/Panel/Panel";
import { phaseText } from "../../components/VolumeText/phaseText";
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
          phase
          capacity
          storageClass
        }
      }
    }
  }
`);

const COLUMNS = [{ title: "Volume" }, { title: "State" }, { title: "Size", isNumber: true }, { title: "Class" }] as const;

/** The disks of a stateful service, those of former replicas and those that it took over too; nothing for an app that
 * has none. */
export function VolumesPanel({ workload }: { workload: FragmentType<typeof VolumesPanelFragment> }) {
  const edges = readFragment(VolumesPanelFragment, workload).volumeClaims?.edges ?? [];
  if (edges.length === 0) return null;
  return (
    <Panel title="Volumes" flush>
      <DataTable label="Volumes" columns={COLUMNS}>
        {edges.map(({ node: claim }) => (
          <tr key={claim.id}>
            <Cell isProse>
              <span className="mono">{claim.name}</span>
            </Cell>
            <Cell>{phaseText(claim.phase)}</Cell>
            <Cell isNumber>{claim.capacity == null ? "" : formatValue(claim.capacity, "BYTES")}</Cell>
            <Cell>{claim.storageClass}</Cell>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}
