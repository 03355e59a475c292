import { Skeleton } from "@mantine/core";

import { UsageCharts } from "../../components/MetricChart/UsageCharts";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";

const AppChartsQuery = graphql(`
  query AppCharts($slug: String!, $name: String!, $range: Duration!) {
    workload(namespace: $slug, name: $name) {
      id
      metrics(range: $range) {
        ...UsageCharts_metrics
      }
    }
  }
`);

const USAGE_EVERY_MS = 10_000;

/** CPU and memory of an app, asked for again and again: no stream carries them yet. */
export function AppCharts(variables: { slug: string; name: string; range: string }) {
  const data = usePageQuery({ query: AppChartsQuery, variables, everyMs: USAGE_EVERY_MS });
  if (!data?.workload) return <Skeleton height={204} radius="md" />;
  return <UsageCharts metrics={data.workload.metrics} />;
}
