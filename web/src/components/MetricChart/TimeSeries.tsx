import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import { formatValue } from "../../format/units";
import type { MetricUnit } from "../../gql/graphql";
import classes from "./MetricChart.module.css";
import { describeSeries, niceTop, timeFormat, type Point } from "./series";

export interface TimeSeriesProps {
  title: string;
  unit: MetricUnit;
  points: readonly { at: string; value: number }[];
}

/** A filled line over time, from zero up. */
export function TimeSeries({ title, unit, points }: TimeSeriesProps) {
  const series = points.map(({ at, value }): Point => ({ at: Date.parse(at), value }));
  const format = timeFormat(series);
  const formatPoint = timeFormat(series, { isPoint: true });
  const top = niceTop(series, unit);
  return (
    <div className={classes.plot} role="img" aria-label={describeSeries(title, series, unit)}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 160 }}>
        <AreaChart data={series} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={["dataMin", "dataMax"]}
            tickFormatter={(at: number) => format.format(at)}
            tick={{ fill: "var(--text-dim)", fontSize: 11 }}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            minTickGap={48}
          />
          <YAxis
            domain={[0, top]}
            ticks={[0, top / 2, top]}
            tickFormatter={(value: number) => formatValue(value, unit)}
            tick={{ fill: "var(--text-dim)", fontSize: 11 }}
            tickLine={false}
            axisLine={false}
            width={84}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--text-faint)", strokeDasharray: "2 3" }}
            content={({ payload }) => (
              <PointTip point={payload[0]?.payload as Point | undefined} unit={unit} format={formatPoint} />
            )}
          />
          <Area
            dataKey="value"
            type="linear"
            stroke="var(--accent)"
            strokeWidth={1.75}
            fill="var(--accent)"
            fillOpacity={0.12}
            isAnimationActive={false}
            dot={series.length === 1}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}

interface PointTipProps {
  point: Point | undefined;
  unit: MetricUnit;
  format: Intl.DateTimeFormat;
}

function PointTip({ point, unit, format }: PointTipProps) {
  if (!point) return null;
  return (
    <div className={classes.tip}>
      <span className={classes.tipTime}>{format.format(point.at)}</span>
      <span>{formatValue(point.value, unit)}</span>
    </div>
  );
}
