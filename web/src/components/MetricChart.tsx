import { Alert, Paper, Text } from "@mantine/core";

import { graphql, readFragment, type FragmentType } from "../gql";
import { formatValue } from "../units";

const MetricFragment = graphql(`
  fragment MetricChart_result on MetricResult {
    __typename
    ... on MetricSeries {
      unit
      latest
      points {
        at
        value
      }
    }
    ... on MetricNoData {
      message
    }
    ... on MetricSourceDown {
      message
    }
  }
`);

const WIDTH = 480;
const HEIGHT = 120;

/** A line over time. "No data" and "the source is down" look different: one is calm, the other asks for attention. */
export function MetricChart({ title, result }: { title: string; result: FragmentType<typeof MetricFragment> }) {
  const metric = readFragment(MetricFragment, result);
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      {metric.__typename === "MetricSeries" && (
        <>
          <Text className="figure" size="xl">
            {metric.latest == null ? "–" : formatValue(metric.latest, metric.unit)}
          </Text>
          <Line title={title} values={flat(metric.points.map((point) => point.value))} />
        </>
      )}
      {metric.__typename === "MetricNoData" && (
        <Text mt="sm" size="sm">
          No data yet. {metric.message}
        </Text>
      )}
      {metric.__typename === "MetricSourceDown" && (
        <Alert mt="sm" color="orange" title="The metrics source is down">
          {metric.message}
        </Alert>
      )}
    </Paper>
  );
}

/** One value alone is drawn as a level line. */
function flat(values: number[]): number[] {
  return values.length === 1 ? [...values, ...values] : values;
}

function Line({ title, values }: { title: string; values: number[] }) {
  const highest = Math.max(...values, Number.EPSILON) * 1.15;
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, index) => `${index * step},${HEIGHT - (value / highest) * HEIGHT}`);
  return (
    <svg className="chart" viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`} role="img" aria-label={`${title} over time, ${values.length} values`} preserveAspectRatio="none">
      <polygon points={`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} />
      <polyline points={points.join(" ")} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
