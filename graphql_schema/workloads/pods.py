"""Pods of an app, and what the cluster reported."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.clusters.objects import Kind
from api.logs.models import LogTarget
from api.namespaces.models import Event as EventModel
from api.workloads import models
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import ContainerState, EventType, PodState
from graphql_schema.freshness import as_of
from graphql_schema.logs.types import (
    ContainerName,
    LogAfter,
    LogFirst,
    LogLast,
    LogLineConnection,
    Previous,
    Since,
    Text,
    logs_of,
)
from graphql_schema.nodes import Node, encode_id
from graphql_schema.scalars import YAML


@strawberry.type(description="One container of a pod.")
class Container:
    name: str = strawberry.field(description="The container's name in the pod.")
    image: str = strawberry.field(description="The image it runs.")
    ready: bool = strawberry.field(description="Whether it serves.")
    restarts: int = strawberry.field(description="How often it was restarted.")
    state: ContainerState = strawberry.field(description="Its state.")
    reason: str | None = strawberry.field(description="Its latest trouble, in one word.")
    message: str | None = strawberry.field(description="Its latest trouble, in a sentence.")
    exit_code: int | None = strawberry.field(description="What its latest run ended with.")

    @classmethod
    def from_model(cls, container: models.Container) -> Container:
        return cls(
            name=container.name,
            image=container.image,
            ready=container.ready,
            restarts=container.restarts,
            state=container.state,
            reason=container.reason,
            message=container.message,
            exit_code=container.exit_code,
        )


@strawberry.type(description="One pod of an app.")
class Pod(Node):
    name: str = strawberry.field(description="The pod's name in the cluster.")
    revision: int | None = strawberry.field(description="The app's revision that it runs; null: unknown.")
    is_current: bool = strawberry.field(description="Whether that is the current revision.")
    state: PodState = strawberry.field(description="Its state, in one word.")
    ready: bool = strawberry.field(description="Whether it serves.")
    restarts: int = strawberry.field(description="How often its containers were restarted.")
    reason: str | None = strawberry.field(description="Why it is in that state, in one word.")
    message: str | None = strawberry.field(description="Why it is in that state, in a sentence.")
    node: str | None = strawberry.field(description="The node it runs on; null: not placed yet.")
    ip: str | None = strawberry.field(description="Its address in the cluster.")
    created_at: datetime = strawberry.field(description="When it was created.")
    as_of: datetime | None = as_of(Kind.POD, "pods")
    model: strawberry.Private[models.Pod]

    @classmethod
    def from_model(cls, pod: models.Pod) -> Pod:
        return cls(
            id=encode_id("Pod", pod.uid),
            name=pod.name,
            revision=pod.revision,
            is_current=pod.is_current,
            state=pod.state,
            ready=pod.ready,
            restarts=pod.restarts,
            reason=pod.reason,
            message=pod.message,
            node=pod.node,
            ip=pod.ip,
            created_at=pod.created_at,
            model=pod,
        )

    @strawberry.field(description="Its containers.")
    def containers(self) -> list[Container]:
        return [Container.from_model(container) for container in self.model.containers]

    @strawberry.field(
        description="What it wrote: read from the cluster, a call or two for each container.",
        directives=[Cost(weight="5")],
    )
    async def logs(
        self,
        info: Info,
        *,
        first: LogFirst = None,
        after: LogAfter = None,
        last: LogLast = None,
        since: Since = None,
        container: ContainerName = None,
        previous: Previous = False,
        text: Text = None,
    ) -> LogLineConnection | None:
        model = self.model
        target = LogTarget(model.namespace, model.workload_id, pod=model.name, container=container, text=text or None)
        return await logs_of(info, target, first=first, after=after, last=last, since=since, previous=previous)

    @strawberry.field(description="The Pod object as YAML, secrets redacted.", directives=[Cost(weight="5")])
    async def manifest(self, info: Info) -> YAML | None:
        return YAML(await info.context.services.workloads.pod_manifest(info.context.principal, self.model.uid))


@strawberry.type(description="An object of the cluster, by kind and name.")
class ObjectReference:
    kind: str = strawberry.field(description="The kind, as in `Pod`.")
    name: str = strawberry.field(description="The name in the namespace.")


@strawberry.type(description="What the cluster reported of an object.")
class Event(Node):
    type: EventType = strawberry.field(description="How it is meant.")
    reason: str = strawberry.field(description="What happened, in one word.")
    message: str = strawberry.field(description="What happened, in a sentence.")
    count: int = strawberry.field(description="How often it happened.")
    first_seen: datetime = strawberry.field(description="When it first happened.")
    last_seen: datetime = strawberry.field(description="When it last happened.")
    regarding: ObjectReference = strawberry.field(description="What it happened to.")
    as_of: datetime | None = as_of(Kind.EVENT, "events")

    @classmethod
    def from_model(cls, event: EventModel) -> Event:
        return cls(
            id=encode_id("Event", event.uid),
            type=event.type,
            reason=event.reason,
            message=event.message,
            count=event.count,
            first_seen=event.first_seen,
            last_seen=event.last_seen,
            regarding=ObjectReference(kind=event.regarding_kind, name=event.regarding_name),
        )
