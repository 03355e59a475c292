import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { Cell } from "../../components/DataTable/DataTable";
import { RolloutStrip } from "../../components/RolloutStrip/RolloutStrip";
import { StatusBadge } from "../../components/StatusBadge/StatusBadge";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { WorkloadRow_WorkloadFragment } from "../../gql/graphql";
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
    exposure {
      state
      address
      url
      isDemo
    }
  }
`);

export interface WorkloadRowProps {
  slug: string;
  workload: FragmentType<typeof WorkloadRowFragment>;
}

/** An app on one line; the strip tells whether it moves. */
export function WorkloadRow({ slug, workload }: WorkloadRowProps) {
  const { name, updatedAt, spec, status, rollout, exposure } = readFragment(WorkloadRowFragment, workload);
  return (
    <tr>
      <Cell>
        <div className={classes.app}>
          <Link to={`/namespaces/${slug}/apps/${name}`}>{name}</Link>
          <span className="mono dim">{spec.image}</span>
          <ExposedAt exposure={exposure} />
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

/** Where the app is reached from outside, once it is. */
function ExposedAt({ exposure }: { exposure: WorkloadRow_WorkloadFragment["exposure"] }) {
  const { state, address, url, isDemo } = exposure;
  if (state !== "READY" || address == null) return null;
  if (url == null || isDemo) return <span className="mono dim">{url ?? address}</span>;
  return (
    <a className={classes.exposed} href={url} target="_blank" rel="noreferrer">
      {url}
    </a>
  );
}
