import { Skeleton } from "@mantine/core";
import { useSearchParams } from "react-router";

import { MetricChart } from "../../components/MetricChart/MetricChart";
import { RangeControl } from "../../components/MetricChart/RangeControl";
import { rangeOf } from "../../components/MetricChart/range";
import { Panel } from "../../components/Panel/Panel";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import classes from "./AppPage.module.css";
import type { TabProps } from "./tab";

const MetricsQuery = graphql(`
  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {
    workload(namespace: $slug, name: $name) {
      id
      metrics(range: $range) {
        source
        cpu {
          ...MetricChart_result
        }
        memory {
          ...MetricChart_result
        }
        networkReceive {
          ...MetricChart_result
        }
        networkTransmit {
          ...MetricChart_result
        }
        restarts {
          ...MetricChart_result
        }
      }
    }
  }
`);

const METRICS_EVERY_MS = 10_000;

/** Everything that is measured of the app. */
export function MetricsTab({ slug, name }: TabProps) {
  const [search] = useSearchParams();
  const data = usePageQuery({
    query: MetricsQuery,
    variables: { slug, name, range: rangeOf(search) },
    everyMs: METRICS_EVERY_MS,
  });
  const metrics = data?.workload?.metrics;
  if (!metrics) return <Skeleton height={320} radius="md" />;
  const source = metrics.source === "PROMETHEUS" ? "from Prometheus" : "from metrics.k8s.io";
  return (
    <Panel title={`Metrics of all pods, ${source}`} aside={<RangeControl />}>
      <div className={classes.charts}>
        <MetricChart title="CPU" result={metrics.cpu} />
        <MetricChart title="Memory" result={metrics.memory} />
        <MetricChart title="Received" result={metrics.networkReceive} />
        <MetricChart title="Sent" result={metrics.networkTransmit} />
        <MetricChart title="Restarts" result={metrics.restarts} />
      </div>
    </Panel>
  );
}
