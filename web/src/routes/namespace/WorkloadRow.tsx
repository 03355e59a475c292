import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { Cell } from "../../components/DataTable/DataTable";
import { RolloutStrip } from "../../components/RolloutStrip/RolloutStrip";
import { StatusBadge } from "../../components/StatusBadge/StatusBadge";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./NamespacePage.module.css";

const WorkloadRowFragment = graphql(`
  fragment WorkloadRow_workload on Workload {
    id
    name
    updatedAt
    spec {
      image
      size
    }
    status {
      readyReplicas
      desiredReplicas
      ...StatusBadge_status
    }
    rollout {
      ...RolloutStrip_rollout
    }
  }
`);

export interface WorkloadRowProps {
  slug: string;
  workload: FragmentType<typeof WorkloadRowFragment>;
}

/** An app on one line; the strip tells whether it moves. */
export function WorkloadRow({ slug, workload }: WorkloadRowProps) {
  const { name, updatedAt, spec, status, rollout } = readFragment(WorkloadRowFragment, workload);
  return (
    <tr>
      <Cell>
        <div className={classes.app}>
          <Link to={`/namespaces/${slug}/apps/${name}`}>{name}</Link>
          <span className="mono dim">{spec.image}</span>
        </div>
      </Cell>
      <Cell>
        <StatusBadge status={status} />
      </Cell>
      <Cell>
        <RolloutStrip rollout={rollout} size="small" />
      </Cell>
      <Cell isNumber>
        {status.readyReplicas}/{status.desiredReplicas}
      </Cell>
      <Cell isExtra>{spec.size}</Cell>
      <Cell isExtra>
        <span className="dim">
          <Age of={updatedAt} />
        </span>
      </Cell>
    </tr>
  );
}
