import { graphql, readFragment, type FragmentType } from "../../gql";
import { Age } from "../Age/Age";
import { EmptyState } from "../EmptyState/EmptyState";
import { NotRead } from "../NotRead/NotRead";
import classes from "./EventList.module.css";

const EventListFragment = graphql(`
  fragment EventList_events on EventConnection {
    edges {
      node {
        id
        type
        reason
        message
        count
        lastSeen
        regarding {
          kind
          name
        }
      }
    }
  }
`);

/** What the cluster reported, newest first. */
export function EventList({ events }: { events: FragmentType<typeof EventListFragment> | null }) {
  const read = readFragment(EventListFragment, events);
  if (!read) return <NotRead what="Events" />;
  const { edges } = read;
  if (edges.length === 0) return <EmptyState icon="waves">The cluster has reported nothing here in the last hour.</EmptyState>;
  return (
    <ol className={classes.list}>
      {edges.map(({ node }) => (
        <li key={node.id} className={classes.event} data-type={node.type}>
          <div className={classes.head}>
            <span className={classes.reason}>
              {node.type === "WARNING" && <span className="visually-hidden">Warning: </span>}
              {node.reason}
            </span>
            <span className={`mono ${classes.object}`}>
              {node.regarding.kind}/{node.regarding.name}
            </span>
            <span className={classes.age}>
              {node.count > 1 && `${node.count} times, `}
              <Age of={node.lastSeen} />
            </span>
          </div>
          <p className={classes.message}>{node.message}</p>
        </li>
      ))}
    </ol>
  );
}
