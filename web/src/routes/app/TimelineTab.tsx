import { Skeleton } from "@mantine/core";

import { NotRead } from "../../components/NotRead/NotRead";
import { Pager } from "../../components/Pager/Pager";
import { usePages } from "../../components/Pager/usePages";
import { Panel } from "../../components/Panel/Panel";
import { Timeline } from "../../components/Timeline/Timeline";
import { graphql, readFragment } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import type { TabProps } from "./tab";

const TimelineTabFragment = graphql(`
  fragment TimelineTab_page on TimelineEntryConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    ...Timeline_entries
  }
`);

const TimelineQuery = graphql(`
  query AppTimeline($slug: String!, $name: String!, $after: String) {
    workload(namespace: $slug, name: $name) {
      id
      timeline(first: 25, after: $after) {
        ...TimelineTab_page
      }
    }
  }
`);

const EVERY_MS = 10_000;

/** What happened to the app. A repair need not show in its state, so that the page's stream does not tell of each. */
export function TimelineTab({ slug, name }: TabProps) {
  const pages = usePages();
  const variables = { slug, name, after: pages.after };
  const data = usePageQuery({ query: TimelineQuery, variables, everyMs: EVERY_MS });
  if (!data?.workload) return <Skeleton height={160} radius="md" />;
  const { id, timeline } = data.workload;
  const page = readFragment(TimelineTabFragment, timeline);
  if (!page) return <NotRead what="The timeline" />;
  const { pageInfo, ...entries } = page;
  return (
    <Panel title="Timeline" flush aside={<Pager pages={pages} pageInfo={pageInfo} />}>
      <Timeline slug={slug} entries={entries} apps={new Set([id])} isOfApp />
    </Panel>
  );
}
