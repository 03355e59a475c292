"""Metrics as they are measured."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types.nodes import SelectedField, Selection

from api.metrics.models import MetricName, MetricsWindow
from api.metrics.models import MetricSeries as MetricSeriesModel
from api.metrics.window import window_of
from api.workloads import metric_streams
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import MetricsSource, MetricsUpdateKind
from graphql_schema.metrics.types import DEFAULT_RANGE, MetricPoint, MetricResult, MetricSeries, Range, Step, from_model
from graphql_schema.scalars import Duration

_FIELDS = {
    "cpu": MetricName.CPU,
    "memory": MetricName.MEMORY,
    "networkReceive": MetricName.NETWORK_RECEIVE,
    "networkTransmit": MetricName.NETWORK_TRANSMIT,
    "restarts": MetricName.RESTARTS,
}


@strawberry.type(
    description="One message of a metrics stream. Of each metric `latest` is the newest value, and `points` are those "
    "that came since the message before, to be added to those before; of SNAPSHOT the whole range, in place of them."
)
class MetricsUpdate:
    kind: MetricsUpdateKind = strawberry.field(description="What the message tells.")
    cursor: str = strawberry.field(description="To be sent back as `after`, to get only the points that came since.")
    at: datetime = strawberry.field(description="When it was read.")
    source: MetricsSource = strawberry.field(description="Where the values are read from.")
    range: Duration = strawberry.field(description="How far back the snapshot reaches.")
    step: Duration = strawberry.field(
        description="Time between two messages, and between two points of PROMETHEUS. Points of METRICS_API are of the "
        "moments at which it was read: the last one of each step, and of the step that goes on each one that came."
    )
    cpu: MetricResult | None = strawberry.field(description="CPU in use; null where the kind has no metrics.")
    memory: MetricResult | None = strawberry.field(description="Memory in use; null where the kind has no metrics.")
    network_receive: MetricResult | None = strawberry.field(
        description="Bytes received over the network; null where the kind has no metrics."
    )
    network_transmit: MetricResult | None = strawberry.field(
        description="Bytes sent over the network; null where the kind has no metrics."
    )
    restarts: MetricResult | None = strawberry.field(
        description="How often containers were restarted; null where the kind has no metrics."
    )

    @classmethod
    def from_model(
        cls, update: metric_streams.MetricsUpdate, window: MetricsWindow, source: MetricsSource
    ) -> MetricsUpdate:
        def told(name: MetricName) -> MetricResult | None:
            return _result(update.metrics[name]) if name in update.metrics else None

        return cls(
            kind=update.kind,
            cursor=update.cursor,
            at=update.at,
            source=source,
            range=Duration(window.span),
            step=Duration(window.step),
            cpu=told(MetricName.CPU),
            memory=told(MetricName.MEMORY),
            network_receive=told(MetricName.NETWORK_RECEIVE),
            network_transmit=told(MetricName.NETWORK_TRANSMIT),
            restarts=told(MetricName.RESTARTS),
        )


def _result(update: metric_streams.MetricUpdate) -> MetricResult:
    result, since = update.result, update.since
    if not isinstance(result, MetricSeriesModel):
        return from_model(result)
    points = [MetricPoint(at=each.at, value=each.value) for each in result.points if since is None or each.at > since]
    return MetricSeries(unit=result.unit, latest=result.latest, points=points)


def _asked(selections: Iterable[Selection]) -> Iterator[MetricName]:
    """The metrics that a document selects, in fragments too."""
    for selection in selections:
        if not isinstance(selection, SelectedField):
            yield from _asked(selection.selections)
        elif selection.name in _FIELDS:
            yield _FIELDS[selection.name]


@strawberry.type
class MetricsSubscriptions:
    @strawberry.subscription(
        description="What the pods of an app, or of a whole namespace, use: the range first (SNAPSHOT), or what "
        "came since `after` (SAMPLE), then the newest values at each step. Only the metrics that are selected are "
        "read, once for everybody who follows them. A silent stream says HEARTBEAT each 15 s.",
        directives=[Cost(weight="10")],
    )
    async def metrics_updated(
        self,
        info: Info,
        *,
        namespace: Annotated[str, strawberry.argument(description="The slug of the namespace.")],
        name: Annotated[
            str | None, strawberry.argument(description="The app's name; left out: everything in the namespace.")
        ] = None,
        range: Range = DEFAULT_RANGE,
        step: Step = None,
        after: Annotated[
            str | None, strawberry.argument(description="The `cursor` of the last message that was read.")
        ] = None,
    ) -> AsyncGenerator[MetricsUpdate, None]:
        window, services = window_of(range, step), info.context.services
        names = frozenset(_asked(each for field in info.selected_fields for each in field.selections))
        stream = services.following.metrics.follow(
            info.context.principal, namespace, name, names=names, window=window, after=after
        )
        async with aclosing(stream) as updates:
            async for update in updates:
                yield MetricsUpdate.from_model(update, window, services.metrics.source)
