"""Namespaces and what they may use."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.clusters.objects import Kind
from api.metrics.models import MetricScope
from api.namespaces import models
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import MetricUnit, NamespacePhase
from graphql_schema.freshness import as_of
from graphql_schema.lazy import LazyUser, LazyWebhook, LazyWorkload
from graphql_schema.metrics.types import DEFAULT_RANGE, Metrics, Range, Step, unit_of
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.scalars import YAML
from graphql_schema.sharing import PER_VIEWER, SHARED
from graphql_schema.users import types as user_types
from graphql_schema.webhooks import types as webhook_types
from graphql_schema.workloads import types as workload_types
from graphql_schema.workloads.filters import (
    Entries,
    Events,
    Workloads,
    WorkloadsBy,
    event_filter,
    timeline_kinds,
    workload_filter,
    workload_order,
)
from graphql_schema.workloads.pods import Event
from graphql_schema.workloads.timeline import DeletedWorkload, TimelineEntry
from graphql_schema.workloads.volumes import VolumeClaim


@strawberry.type(description="One resource of a namespace's quota.")
class QuotaUsage:
    resource: str = strawberry.field(description="The resource, as in `requests.cpu`.")
    unit: MetricUnit = strawberry.field(description="The unit of the values.")
    used: float = strawberry.field(description="What is in use.")
    hard: float = strawberry.field(description="What may be used.")
    as_of: datetime | None = as_of(Kind.RESOURCE_QUOTA, "quotas")

    @classmethod
    def from_model(cls, usage: models.QuotaUsage) -> QuotaUsage:
        return cls(resource=usage.resource, unit=unit_of(usage.resource), used=usage.used, hard=usage.hard)


@strawberry.type(description="The place of one developer's apps on the cluster.")
class Namespace(Node):
    name: str = strawberry.field(description="Its owner's name for it, unique for the owner only.")
    slug: str = strawberry.field(description="Its name in the cluster: the name and a random suffix.")
    created_at: datetime = strawberry.field(description="When it was created.")
    phase: NamespacePhase = strawberry.field(description="Where it is in its life.")
    as_of: datetime | None = as_of(Kind.NAMESPACE, "namespaces")
    reconciliation_paused: bool = strawberry.field(
        description="Whether what others change of it in the cluster is left as it is, instead of repaired within 30 s."
    )
    model: strawberry.Private[models.Namespace]

    @classmethod
    def from_model(cls, namespace: models.Namespace) -> Namespace:
        return cls(
            id=encode_id("Namespace", namespace.id),
            name=namespace.name,
            slug=namespace.slug,
            created_at=namespace.created_at,
            phase=namespace.phase,
            reconciliation_paused=namespace.reconciliation_paused,
            model=namespace,
        )

    @strawberry.field(description="Whose it is; null where the viewer may not see that user.", metadata=PER_VIEWER)
    async def owner(self, info: Info) -> LazyUser | None:
        owner = await info.context.loaders.users_by_id.load(self.model.owner_id)
        return user_types.User.from_model(owner) if owner is not None else None

    @strawberry.field(description="What the viewer may do to it, and to what is in it.", metadata=PER_VIEWER)
    def viewer_can(self, info: Info) -> ViewerCan:
        return ViewerCan.on(info, owner_id=self.model.owner_id)

    @strawberry.field(
        description="What it uses of what it may use; empty until the cluster has counted.", metadata=SHARED
    )
    def quota(self, info: Info) -> list[QuotaUsage] | None:
        return [QuotaUsage.from_model(usage) for usage in info.context.services.namespaces.quota(self.model)]

    @strawberry.field(description="Its apps, by name unless another order is asked for.", metadata=PER_VIEWER)
    async def workloads(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Workloads = None,
        order_by: WorkloadsBy = None,
    ) -> Connection[LazyWorkload] | None:
        page = page_request("workloads", first=first, after=after, last=last, before=before)
        apps = await info.context.services.workloads.list(
            info.context.principal,
            self.model,
            page,
            filter=workload_filter(filter),
            order=workload_order(order_by),
        )
        return Connection.from_page(apps, lambda app: workload_types.Workload.from_model(app, namespace=self.model))

    @strawberry.field(
        description="Its apps that were deleted within a day and can be brought back, the latest first.",
        metadata=PER_VIEWER,
    )
    async def deleted_workloads(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DeletedWorkload] | None:
        page = page_request("deletedWorkloads", first=first, after=after, last=last, before=before)
        service = info.context.services.workloads.restoring
        return Connection.from_page(
            await service.deleted(info.context.principal, self.model, page),
            lambda deleted: DeletedWorkload.from_model(deleted, owner_id=self.model.owner_id),
        )

    @strawberry.field(
        description="The disks of its stateful services, by name: those that no app uses any more too.",
        metadata=PER_VIEWER,
    )
    def volume_claims(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[VolumeClaim] | None:
        page = page_request("volumeClaims", first=first, after=after, last=last, before=before)
        claims = info.context.services.workloads.volumes.of_namespace(info.context.principal, self.model, page)
        return Connection.from_page(claims, lambda claim: VolumeClaim.from_model(claim, owner_id=self.model.owner_id))

    @strawberry.field(description="What happened to it and to its apps, the latest first.", metadata=PER_VIEWER)
    async def timeline(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Entries = None,
    ) -> Connection[TimelineEntry] | None:
        page = page_request("timeline", first=first, after=after, last=last, before=before)
        history, kinds = info.context.services.workloads.history, timeline_kinds(filter)
        entries = await history.of_namespace(info.context.principal, self.model, page, kinds)
        return Connection.from_page(entries, TimelineEntry.from_model)

    @strawberry.field(description="What the cluster reported of anything in it, newest first.", metadata=PER_VIEWER)
    async def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Events = None,
    ) -> Connection[Event] | None:
        page = page_request("events", first=first, after=after, last=last, before=before)
        service = info.context.services.namespaces
        events = await service.events(info.context.principal, self.model, page, event_filter(filter))
        return Connection.from_page(events, Event.from_model)

    @strawberry.field(description="The viewer's own webhooks of it, the oldest first.")
    async def webhooks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[LazyWebhook] | None:
        page = page_request("webhooks", first=first, after=after, last=last, before=before)
        webhooks = await info.context.services.webhooks.list(info.context.principal, self.model, page)
        return Connection.from_page(webhooks, webhook_types.Webhook.from_model)

    @strawberry.field(description="What its pods use, added up.")
    def metrics(self, info: Info, range: Range = DEFAULT_RANGE, step: Step = None) -> Metrics | None:
        return Metrics.of(MetricScope(self.slug), info, span=range, step=step)

    @strawberry.field(description="The Namespace object as YAML.", directives=[Cost(weight="5")])
    async def manifest(self, info: Info) -> YAML | None:
        return YAML(await info.context.services.namespaces.manifest(info.context.principal, self.slug))
