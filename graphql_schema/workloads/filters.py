"""Which apps, pods and events a list shows, and in which order."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from api.database.pages import Order
from api.namespaces import models as namespaces
from api.workloads import filters as models
from graphql_schema.enums import EventType, PodState, TimelineKind, WorkloadKind, WorkloadOrderField, WorkloadPhase
from graphql_schema.orders import ANY, DIRECTION, FILTERED, ORDERED_BY, OrderDirection


@strawberry.input(description="Which apps a list shows: those that meet every field.")
class WorkloadFilter:
    phase: list[WorkloadPhase] | None = strawberry.field(default=None, description=ANY)
    kind: list[WorkloadKind] | None = strawberry.field(default=None, description=ANY)
    label_selector: str | None = strawberry.field(
        default=None,
        description="A selector as kubectl takes it, of the labels that the app's objects have: "
        "`app.kubernetes.io/name in (web, api)`; left out: any.",
    )
    text: str | None = strawberry.field(
        default=None, description="A piece of its name or of its image, in whatever case; left out: any."
    )

    def to_model(self) -> models.WorkloadFilter:
        return models.WorkloadFilter(
            phases=frozenset(self.phase or ()),
            kinds=frozenset(self.kind or ()),
            label_selector=self.label_selector or "",
            text=self.text or "",
        )


@strawberry.input(description="By what apps are sorted.")
class WorkloadOrder:
    field: WorkloadOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=DIRECTION)

    def to_model(self) -> Order[models.WorkloadOrderField]:
        return Order(self.field, descending=self.direction is OrderDirection.DESC)


@strawberry.input(description="Which pods a list shows.")
class PodFilter:
    state: list[PodState] | None = strawberry.field(default=None, description=ANY)


@strawberry.input(description="Which events a list shows: those that meet every field.")
class EventFilter:
    type: list[EventType] | None = strawberry.field(default=None, description=ANY)
    text: str | None = strawberry.field(
        default=None,
        description="A piece of its reason, of its message or of its object's name, in whatever case; left out: any.",
    )

    def to_model(self) -> namespaces.EventFilter:
        return namespaces.EventFilter(types=frozenset(self.type or ()), text=self.text or "")


@strawberry.input(description="Which entries a timeline shows.")
class TimelineFilter:
    kind: list[TimelineKind] | None = strawberry.field(default=None, description=ANY)


Workloads: TypeAlias = Annotated[WorkloadFilter | None, strawberry.argument(description=FILTERED)]
WorkloadsBy: TypeAlias = Annotated[WorkloadOrder | None, strawberry.argument(description=ORDERED_BY)]
Pods: TypeAlias = Annotated[PodFilter | None, strawberry.argument(description=FILTERED)]
Events: TypeAlias = Annotated[EventFilter | None, strawberry.argument(description=FILTERED)]
Entries: TypeAlias = Annotated[TimelineFilter | None, strawberry.argument(description=FILTERED)]


def workload_filter(filter: WorkloadFilter | None) -> models.WorkloadFilter:
    """What is asked for."""
    return filter.to_model() if filter is not None else models.EVERY_WORKLOAD


def workload_order(order: WorkloadOrder | None) -> Order[models.WorkloadOrderField]:
    """What is asked for; by name where nothing is."""
    return order.to_model() if order is not None else models.BY_NAME


def event_filter(filter: EventFilter | None) -> namespaces.EventFilter:
    """What is asked for."""
    return filter.to_model() if filter is not None else namespaces.EVERY_EVENT


def pod_states(filter: PodFilter | None) -> list[PodState]:
    """What is asked for; empty: any."""
    return (filter.state if filter is not None else None) or []


def timeline_kinds(filter: TimelineFilter | None) -> list[TimelineKind]:
    """What is asked for; empty: any."""
    return (filter.kind if filter is not None else None) or []
