import { graphql, readFragment, type FragmentType } from "../../gql";
import { EmptyState } from "../EmptyState/EmptyState";
import classes from "./Timeline.module.css";
import { TimelineItem } from "./TimelineItem";

const TimelineFragment = graphql(`
  fragment Timeline_entries on TimelineEntryConnection {
    edges {
      node {
        id
        ...TimelineItem_entry
      }
    }
  }
`);

export interface TimelineProps {
  slug: string;
  entries: FragmentType<typeof TimelineFragment>;
  /** The ids of the apps that there are: what happened to others leads nowhere. */
  apps: ReadonlySet<string>;
  /** It is the timeline of one app, whose revisions need no "of". */
  isOfApp?: boolean;
}

/** What happened, the latest first. */
export function Timeline({ slug, entries, apps, isOfApp = false }: TimelineProps) {
  const { edges } = readFragment(TimelineFragment, entries);
  if (edges.length === 0) return <EmptyState icon="waves">Nothing happened here in the last 90 days.</EmptyState>;
  return (
    <ol className={classes.list}>
      {edges.map(({ node }) => (
        <TimelineItem key={node.id} slug={slug} entry={node} apps={apps} isOfApp={isOfApp} />
      ))}
    </ol>
  );
}
