import { Button, Skeleton } from "@mantine/core";
import { Link, useParams, useSearchParams } from "react-router";
import { useSubscription } from "urql";

import { Icon } from "../../components/Icon/Icon";
import { rangeOf } from "../../components/MetricChart/range";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { PausedNotice } from "../../components/Reconciliation/PausedNotice";
import { RouteTabs } from "../../components/Tabs/RouteTabs";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { NothingHere } from "../not-found/NotFoundPage";
import classes from "./NamespacePage.module.css";
import { OverviewTab } from "./OverviewTab";
import { SettingsTab } from "./SettingsTab";
import { TimelineTab } from "./TimelineTab";

const NamespaceQuery = graphql(`
  query NamespacePage($slug: String!, $range: Duration!) {
    namespace(slug: $slug) {
      id
      name
      slug
      phase
      ...PausedNotice_namespace
      ...OverviewTab_namespace
      ...SettingsTab_namespace
    }
  }
`);

const NamespaceUpdated = graphql(`
  subscription NamespaceUpdated($slug: String!, $timeline: Boolean!, $after: String) {
    namespaceUpdated(slug: $slug, after: $after) {
      kind
      cursor
      workloadId
      workload {
        id
        namespace {
          id
          ...PausedNotice_namespace
        }
        ...WorkloadRow_workload
        timeline(first: 1) @include(if: $timeline) {
          edges {
            node {
              id
            }
          }
        }
      }
    }
  }
`);

const USAGE_EVERY_MS = 10_000;

const TABS = { overview: OverviewTab, timeline: TimelineTab, settings: SettingsTab };
type Tab = keyof typeof TABS;
const TAB_NAMES = Object.keys(TABS) as Tab[];

/** A namespace: its apps and what they use, what happened, and what can be another of it. */
export function NamespacePage() {
  const { slug = "" } = useParams();
  const [search] = useSearchParams();
  const tab = TAB_NAMES.find((each) => each === search.get("tab")) ?? "overview";
  const data = usePageQuery({
    query: NamespaceQuery,
    variables: { slug, range: rangeOf(search) },
    ...(tab === "overview" && { everyMs: USAGE_EVERY_MS }),
  });
  // What it brings goes into the cache, and from there into the rows.
  const watched = { slug, timeline: tab === "timeline" };
  useSubscription({ query: NamespaceUpdated, variables: watched, pause: !data?.namespace });
  if (!data) return <Skeleton height={320} radius="md" />;
  if (!data.namespace) return <NothingHere what="There is no such namespace, or it is not yours." />;
  const { name, phase } = data.namespace;
  const Content = TABS[tab];
  return (
    <>
      <PageHeader
        crumbs={[{ title: "Namespaces", to: "/namespaces" }]}
        title={name}
        badge={<span className="mono dim">{phase === "ACTIVE" ? slug : `${slug}, ${phase.toLowerCase()}`}</span>}
        tabs={<RouteTabs label="Namespace" tabs={TAB_NAMES} current={tab} />}
        actions={
          <Button size="xs" component={Link} to={`/namespaces/${slug}/new`} leftSection={<Icon name="plus" />}>
            New app
          </Button>
        }
      />
      <div className={classes.page}>
        <PausedNotice namespace={data.namespace} />
        <Content slug={slug} namespace={data.namespace} />
      </div>
    </>
  );
}
