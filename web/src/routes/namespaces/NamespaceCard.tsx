import { Link } from "react-router";

import { RolloutStrip } from "../../components/RolloutStrip/RolloutStrip";
import { count, word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./NamespacesPage.module.css";

const NamespaceCardFragment = graphql(`
  fragment NamespaceCard_namespace on Namespace {
    id
    name
    slug
    phase
    owner {
      id
      displayName
    }
    workloads(first: 6) {
      totalCount
      edges {
        node {
          id
          rollout {
            ...RolloutStrip_rollout
          }
        }
      }
    }
  }
`);

/** A namespace at a glance: which of its apps are moving. */
export function NamespaceCard({ namespace }: { namespace: FragmentType<typeof NamespaceCardFragment> }) {
  const { name, slug, phase, owner, workloads } = readFragment(NamespaceCardFragment, namespace);
  return (
    <Link to={`/namespaces/${slug}`} className={classes.card}>
      <span>
        <span className={classes.name}>{name}</span>
        <span className="mono dim">{slug}</span>
      </span>
      <span className={classes.strips}>
        {workloads?.edges.map(({ node }) => (
          <RolloutStrip key={node.id} rollout={node.rollout} size="small" />
        ))}
      </span>
      <span className={classes.foot}>
        <span>{phase === "ACTIVE" && workloads ? count(workloads.totalCount, "app") : word(phase)}</span>
        <span>{owner?.displayName}</span>
      </span>
    </Link>
  );
}
