import { NotRead } from "../NotRead/NotRead";
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
export function UsageCharts({ metrics }: { metrics: FragmentType<typeof UsageChartsFragment> | null }) {
  const read = readFragment(UsageChartsFragment, metrics);
  if (!read) return <NotRead what="What is used" />;
  const { cpu, memory } = read;
  return (
    <div className={classes.charts}>
      <MetricChart title="CPU" result={cpu} />
      <MetricChart title="Memory" result={memory} />
    </div>
  );
}
