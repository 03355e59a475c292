import { Anchor } from "@mantine/core";
import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { Cell } from "../../components/DataTable/DataTable";
import { phaseText } from "../../components/VolumeText/phaseText";
import { formatValue } from "../../format/units";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { VolumeRow_ClaimFragment } from "../../gql/graphql";
import { DeleteVolume } from "./DeleteVolume";

const VolumeRowFragment = graphql(`
  fragment VolumeRow_claim on VolumeClaim {
    id
    name
    phase
    capacity
    storageClass
    createdAt
    leftOver
    workload {
      id
      name
    }
    deletedWorkload {
      id
      name
      restorableUntil
    }
  }
`);

export interface VolumeRowProps {
  slug: string;
  claim: FragmentType<typeof VolumeRowFragment>;
  /** The id of the text that says why the viewer cannot delete it; null where they can. */
  whyNot: string | null;
}

export function VolumeRow({ slug, claim: shown, whyNot }: VolumeRowProps) {
  const claim = readFragment(VolumeRowFragment, shown);
  return (
    <tr>
      <Cell isProse>
        <span className="mono">{claim.name}</span>
      </Cell>
      <Cell isProse>
        <User slug={slug} claim={claim} />
      </Cell>
      <Cell isExtra>{phaseText(claim.phase)}</Cell>
      <Cell isNumber>{claim.capacity == null ? "" : formatValue(claim.capacity, "BYTES")}</Cell>
      <Cell isExtra>{claim.storageClass}</Cell>
      <Cell isExtra>
        <Age of={claim.createdAt} />
      </Cell>
      <Cell isNumber>
        {claim.leftOver && claim.phase !== "TERMINATING" && (
          <DeleteVolume slug={slug} id={claim.id} name={claim.name} whyNot={whyNot} />
        )}
      </Cell>
    </tr>
  );
}

/** Who has the disk, or would get it. */
function User({ slug, claim }: { slug: string; claim: VolumeRow_ClaimFragment }) {
  const { workload, deletedWorkload } = claim;
  if (workload) {
    return (
      <Anchor component={Link} to={`/namespaces/${slug}/apps/${workload.name}`} inherit>
        {workload.name}
      </Anchor>
    );
  }
  if (!deletedWorkload) return "nobody: left over";
  return (
    <>
      {deletedWorkload.name}, deleted; left over <Age of={deletedWorkload.restorableUntil} />
    </>
  );
}
