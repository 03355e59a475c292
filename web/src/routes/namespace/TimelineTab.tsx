import { Skeleton } from "@mantine/core";

import { NotRead } from "../../components/NotRead/NotRead";
import { Pager } from "../../components/Pager/Pager";
import { usePages } from "../../components/Pager/usePages";
import { Panel } from "../../components/Panel/Panel";
import { Timeline } from "../../components/Timeline/Timeline";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import type { TabProps } from "./tab";

const TimelineQuery = graphql(`
  query NamespaceTimeline($slug: String!, $after: String) {
    namespace(slug: $slug) {
      id
      timeline(first: 25, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        ...Timeline_entries
      }
      workloads(first: 100) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`);

const EVERY_MS = 10_000;

/** What happened to the namespace and to its apps. */
export function TimelineTab({ slug }: TabProps) {
  const pages = usePages();
  const data = usePageQuery({ query: TimelineQuery, variables: { slug, after: pages.after }, everyMs: EVERY_MS });
  if (!data?.namespace) return <Skeleton height={160} radius="md" />;
  const { timeline, workloads } = data.namespace;
  if (!timeline) return <NotRead what="The timeline" />;
  return (
    <Panel title="Timeline" flush aside={<Pager pages={pages} pageInfo={timeline.pageInfo} />}>
      <Timeline slug={slug} entries={timeline} apps={new Set((workloads?.edges ?? []).map(({ node }) => node.id))} />
    </Panel>
  );
}
