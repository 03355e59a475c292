import { Button, Skeleton } from "@mantine/core";
import { Link, useParams, useSearchParams } from "react-router";
import { useSubscription } from "urql";

import { EventList } from "../../components/EventList/EventList";
import { Icon } from "../../components/Icon/Icon";
import { RangeControl } from "../../components/MetricChart/RangeControl";
import { rangeOf } from "../../components/MetricChart/range";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { Panel } from "../../components/Panel/Panel";
import { QuotaBars } from "../../components/QuotaBars/QuotaBars";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { NothingHere } from "../not-found/NotFoundPage";
import { DeleteNamespace } from "./DeleteNamespace";
import classes from "./NamespacePage.module.css";
import { UsageCharts } from "../../components/MetricChart/UsageCharts";
import { WorkloadList } from "./WorkloadList";

const NamespaceQuery = graphql(`
  query NamespacePage($slug: String!, $range: Duration!) {
    namespace(slug: $slug) {
      id
      name
      slug
      phase
      workloads(first: 100) {
        ...WorkloadList_workloads
      }
      ...QuotaBars_namespace
      metrics(range: $range) {
        ...UsageCharts_metrics
      }
      events(first: 20) {
        ...EventList_events
      }
    }
  }
`);

const NamespaceUpdated = graphql(`
  subscription NamespaceUpdated($slug: String!) {
    namespaceUpdated(slug: $slug) {
      kind
      workloadId
      workload {
        id
        ...WorkloadRow_workload
      }
    }
  }
`);

const USAGE_EVERY_MS = 10_000;

/** The apps of a namespace as they move, and what they use. */
export function NamespacePage() {
  const { slug = "" } = useParams();
  const [search] = useSearchParams();
  const data = usePageQuery({
    query: NamespaceQuery,
    variables: { slug, range: rangeOf(search) },
    everyMs: USAGE_EVERY_MS,
  });
  // What it brings goes into the cache, and from there into the rows.
  useSubscription({ query: NamespaceUpdated, variables: { slug }, pause: !data?.namespace });
  if (!data) return <Skeleton height={320} radius="md" />;
  if (!data.namespace) return <NothingHere what="There is no such namespace, or it is not yours." />;
  const { name, phase, workloads, metrics, events } = data.namespace;
  return (
    <>
      <PageHeader
        crumbs={[{ title: "Namespaces", to: "/namespaces" }]}
        title={name}
        badge={<span className="mono dim">{phase === "ACTIVE" ? slug : `${slug}, ${phase.toLowerCase()}`}</span>}
        actions={
          <>
            <DeleteNamespace slug={slug} name={name} />
            <Button component={Link} to={`/namespaces/${slug}/new`} leftSection={<Icon name="plus" />}>
              New app
            </Button>
          </>
        }
      />
      <div className={classes.page}>
        <Panel title="Apps" flush>
          <WorkloadList slug={slug} workloads={workloads} />
        </Panel>
        <div className={classes.columns}>
          <Panel title="Usage over time" aside={<RangeControl />}>
            <UsageCharts metrics={metrics} />
          </Panel>
          <Panel title="Usage against quota">
            <QuotaBars namespace={data.namespace} />
          </Panel>
        </div>
        <Panel title="Events" flush>
          <EventList events={events} />
        </Panel>
      </div>
    </>
  );
}
