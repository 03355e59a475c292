import { lazy, Suspense } from "react";

import { graphql, readFragment, type FragmentType } from "../../gql";
import { formatValue } from "../../format/units";
import { NotRead } from "../NotRead/NotRead";
import { Icon } from "../Icon/Icon";
import classes from "./MetricChart.module.css";

const MetricChartFragment = graphql(`
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

/** The charting library is the largest part of the app: it comes when the first chart is shown. */
const TimeSeries = lazy(async () => ({ default: (await import("./TimeSeries")).TimeSeries }));

export interface MetricChartProps {
  title: string;
  /** Null where the server could not say anything of it. */
  result: FragmentType<typeof MetricChartFragment> | null;
}

/** A metric over time. "No data" is calm, "the source is down" asks for attention: they are two answers. */
export function MetricChart({ title, result }: MetricChartProps) {
  const metric = readFragment(MetricChartFragment, result);
  const latest = metric?.__typename === "MetricSeries" ? metric.latest : null;
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.caption}>
        <span>{title}</span>
        <span className={classes.latest}>
          {metric?.__typename === "MetricSeries" && latest != null ? formatValue(latest, metric.unit) : ""}
        </span>
      </figcaption>
      {metric?.__typename === "MetricSeries" && (
        <Suspense fallback={<div className={classes.plot} />}>
          <TimeSeries title={title} unit={metric.unit} points={metric.points} />
        </Suspense>
      )}
      {metric?.__typename === "MetricNoData" && <NoData message={metric.message} />}
      {metric === null && <NotRead what={title} />}
      {metric?.__typename === "MetricSourceDown" && <SourceDown message={metric.message} />}
    </figure>
  );
}

function NoData({ message }: { message: string }) {
  return (
    <div className={classes.answer} data-answer="no-data">
      <strong>No data yet</strong>
      <p>{message}</p>
    </div>
  );
}

function SourceDown({ message }: { message: string }) {
  return (
    <div className={classes.answer} data-answer="source-down">
      <strong>
        <Icon name="alert" /> The metrics source is down
      </strong>
      <p>{message}</p>
    </div>
  );
}
