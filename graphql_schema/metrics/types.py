"""Metrics with their units. "No data" and "source down" are two different answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, TypeAlias

import strawberry

from api.metrics import models
from api.metrics.models import MetricName, MetricScope, MetricsWindow
from api.metrics.window import window_of
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import MetricsSource, MetricUnit
from graphql_schema.loaders import MetricKey
from graphql_schema.scalars import Duration

DEFAULT_RANGE = Duration(timedelta(hours=1))

Range = Annotated[Duration, strawberry.argument(description="How far back from now; at most 30d.")]
Step = Annotated[
    Duration | None,
    strawberry.argument(description="Time between two points; left out: one that makes a readable chart of the range."),
]


@strawberry.type(description="The value of a metric at one moment.")
class MetricPoint:
    at: datetime = strawberry.field(description="The moment.")
    value: float = strawberry.field(description="The value, in the series' unit.")


@strawberry.type(description="The values of a metric, summed over the pods asked for.")
class MetricSeries:
    unit: MetricUnit = strawberry.field(description="The unit of every value.")
    latest: float | None = strawberry.field(description="The newest value; null where there is no point.")
    points: list[MetricPoint] = strawberry.field(description="The values, in time order.")

    @classmethod
    def from_model(cls, series: models.MetricSeries) -> MetricSeries:
        points = [MetricPoint(at=point.at, value=point.value) for point in series.points]
        return cls(unit=series.unit, latest=series.latest, points=points)


@strawberry.type(description="The source answered, and has nothing for this.")
class MetricNoData:
    unit: MetricUnit = strawberry.field(description="The unit that values would have.")
    message: str = strawberry.field(description="Why that may be.")


@strawberry.type(description="The source did not answer: nothing is known.")
class MetricSourceDown:
    unit: MetricUnit = strawberry.field(description="The unit that values would have.")
    message: str = strawberry.field(description="What was tried, and what to do.")


MetricResult: TypeAlias = Annotated[
    MetricSeries | MetricNoData | MetricSourceDown,
    strawberry.union("MetricResult", description="What the metrics source says of one metric."),
]


def from_model(result: models.MetricResult) -> MetricSeries | MetricNoData | MetricSourceDown:
    """The member of the union for what the source said."""
    match result:
        case models.MetricSeries():
            return MetricSeries.from_model(result)
        case models.MetricNoData(unit=unit, message=message):
            return MetricNoData(unit=unit, message=message)
        case models.MetricSourceDown(unit=unit, message=message):
            return MetricSourceDown(unit=unit, message=message)


@strawberry.type(description="What pods use, over a range of time that ends now.")
class Metrics:
    source: MetricsSource = strawberry.field(description="Where the values are read from.")
    range: Duration = strawberry.field(description="How far back the series reach.")
    step: Duration = strawberry.field(description="Time between two points.")
    scope: strawberry.Private[MetricScope]
    window: strawberry.Private[MetricsWindow]

    @strawberry.field(description="CPU in use.", directives=[Cost(weight="2", batched=True)])
    async def cpu(self, info: Info) -> MetricResult | None:
        return await self._load(MetricName.CPU, info)

    @strawberry.field(description="Memory in use (the working set).", directives=[Cost(weight="2", batched=True)])
    async def memory(self, info: Info) -> MetricResult | None:
        return await self._load(MetricName.MEMORY, info)

    @strawberry.field(description="Bytes received over the network.", directives=[Cost(weight="2", batched=True)])
    async def network_receive(self, info: Info) -> MetricResult | None:
        return await self._load(MetricName.NETWORK_RECEIVE, info)

    @strawberry.field(description="Bytes sent over the network.", directives=[Cost(weight="2", batched=True)])
    async def network_transmit(self, info: Info) -> MetricResult | None:
        return await self._load(MetricName.NETWORK_TRANSMIT, info)

    @strawberry.field(description="How often containers were restarted.", directives=[Cost(weight="2", batched=True)])
    async def restarts(self, info: Info) -> MetricResult | None:
        return await self._load(MetricName.RESTARTS, info)

    @classmethod
    def of(cls, scope: MetricScope, info: Info, *, span: Duration, step: Duration | None) -> Metrics:
        """The metrics of `scope`, which its service has authorized; nothing is read until a metric is asked for."""
        window = window_of(span, step)
        return cls(
            source=info.context.services.metrics.source,
            range=Duration(window.span),
            step=Duration(window.step),
            scope=scope,
            window=window,
        )

    async def _load(self, name: MetricName, info: Info) -> MetricResult:
        key = MetricKey(scope=self.scope, name=name, window=self.window)
        return from_model(await info.context.loaders.metrics_by_scope.load_gathered(key))


def unit_of(resource: str) -> MetricUnit:
    """The unit of a quota's resource: `requests.cpu` is in cores, `limits.memory` in bytes, `pods` a count."""
    kind = resource.rpartition(".")[2]
    return {"cpu": MetricUnit.CORES, "memory": MetricUnit.BYTES, "storage": MetricUnit.BYTES}.get(
        kind, MetricUnit.COUNT
    )
