import { MetricChart } from "./MetricChart";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./MetricChart.module.css";

const UsageChartsFragment = graphql(`
  fragment UsageCharts_metrics on Metrics {
    cpu {
      ...MetricChart_result
    }
    memory {
      ...MetricChart_result
    }
  }
`);

/** CPU and memory, beside each other where there is room. */
export function UsageCharts({ metrics }: { metrics: FragmentType<typeof UsageChartsFragment> }) {
  const { cpu, memory } = readFragment(UsageChartsFragment, metrics);
  return (
    <div className={classes.charts}>
      <MetricChart title="CPU" result={cpu} />
      <MetricChart title="Memory" result={memory} />
    </div>
  );
}
