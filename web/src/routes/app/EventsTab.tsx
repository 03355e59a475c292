import { Skeleton } from "@mantine/core";

import { EventList } from "../../components/EventList/EventList";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import type { TabProps } from "./tab";

const EventsTabFragment = graphql(`
  fragment EventsTab_workload on Workload {
    id
    events(first: 50) {
      ...EventList_events
    }
  }
`);

const EventsQuery = graphql(`
  query AppEvents($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      ...EventsTab_workload
    }
  }
`);

export function EventsTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: EventsQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={160} radius="md" />;
  return (
    <Panel title="Events" flush>
      <EventList events={readFragment(EventsTabFragment, data.workload).events} />
    </Panel>
  );
}
