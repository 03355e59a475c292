"""Workloads: what is wanted beside what is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from api.logs.models import LogTarget
from api.metrics.models import MetricScope
from api.namespaces.models import Namespace as NamespaceModel
from api.workloads import models
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import ExportFormat, WorkloadKind
from graphql_schema.lazy import LazyNamespace
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
from graphql_schema.metrics.types import DEFAULT_RANGE, Metrics, Range, Step
from graphql_schema.namespaces import types as namespace_types
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.scalars import YAML
from graphql_schema.sharing import PER_VIEWER, SHARED
from graphql_schema.workloads.autoscalers import Autoscaler
from graphql_schema.workloads.diagnosis import Diagnosis, diagnosis_of
from graphql_schema.workloads.exporting import ExportedFile
from graphql_schema.workloads.exposure import Exposure
from graphql_schema.workloads.filters import Entries, Events, Pods, event_filter, pod_states, timeline_kinds
from graphql_schema.workloads.pods import Event, Pod
from graphql_schema.workloads.revisions import Revision
from graphql_schema.workloads.runs import Run
from graphql_schema.workloads.specs import WorkloadSpec
from graphql_schema.workloads.status import Rollout, WorkloadStatus
from graphql_schema.workloads.timeline import TimelineEntry
from graphql_schema.workloads.volumes import VolumeClaim


@strawberry.type(description="One app: what its developer wants beside what the cluster says of it.")
class Workload(Node):
    name: str = strawberry.field(description="Its name, unique in its namespace.")
    kind: WorkloadKind = strawberry.field(description="What it is: a service, a worker or a job.")
    created_at: datetime = strawberry.field(description="When it was first deployed.")
    updated_at: datetime = strawberry.field(description="When its latest revision was made.")
    address: str | None = strawberry.field(description="`host:port` inside the cluster; null: it listens on no port.")
    as_of: datetime | None = strawberry.field(description="When the cluster last told of apps; null: not yet.")
    spec: WorkloadSpec = strawberry.field(description="The app as its current revision describes it.")
    status: WorkloadStatus = strawberry.field(description="What the cluster says of it.")
    rollout: Rollout = strawberry.field(description="How far the current revision is.")
    model: strawberry.Private[models.Workload]
    namespace_model: strawberry.Private[NamespaceModel | None] = None

    @classmethod
    def from_model(cls, workload: models.Workload, *, namespace: NamespaceModel | None = None) -> Workload:
        """The type of `workload`; a `namespace` that was read already spares the field `namespace` a second read."""
        return cls(
            id=encode_id("Workload", workload.id),
            name=workload.name,
            kind=workload.spec.kind,
            created_at=workload.created_at,
            updated_at=workload.updated_at,
            address=workload.address,
            as_of=workload.as_of,
            spec=WorkloadSpec.from_model(workload.spec),
            status=WorkloadStatus.from_model(workload.status),
            rollout=Rollout.from_model(workload.rollout),
            model=workload,
            namespace_model=namespace,
        )

    # Lists of apps ask for neither: they are made for who does.
    @strawberry.field(description="What the cluster's autoscaler does; null for an app without autoscaling.")
    def autoscaler(self) -> Autoscaler | None:
        return Autoscaler.from_model(self.model.autoscaler) if self.model.autoscaler is not None else None

    @strawberry.field(description="From where it is reached, and whether that works.")
    def exposure(self) -> Exposure:
        return Exposure.from_model(self.model.exposure)

    @strawberry.field(description="The namespace it is in.", metadata=PER_VIEWER)
    async def namespace(self, info: Info) -> LazyNamespace | None:
        namespace = self.namespace_model
        if namespace is None:
            namespace = await info.context.loaders.namespaces_by_id.load(self.model.namespace_id)
        return namespace_types.Namespace.from_model(namespace)

    @strawberry.field(description="What the viewer may do to it.", metadata=PER_VIEWER)
    def viewer_can(self, info: Info) -> ViewerCan:
        return ViewerCan.on(info, owner_id=self.model.owner_id)

    @strawberry.field(description="Its revisions, newest first.", metadata=PER_VIEWER)
    async def revisions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Revision] | None:
        page = page_request("revisions", first=first, after=after, last=last, before=before)
        service = info.context.services.workloads
        revisions = await service.revisions(info.context.principal, self.model.namespace, self.name, page)
        return Connection.from_page(revisions, lambda each: Revision.from_model(each, owner_id=self.model.owner_id))

    @strawberry.field(description="Its pods, old revisions first.", metadata=SHARED)
    def pods(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Pods = None,
    ) -> Connection[Pod] | None:
        page = page_request("pods", first=first, after=after, last=last, before=before)
        pods = info.context.services.workloads.pods_of(self.model, page, pod_states(filter))
        return Connection.from_page(pods, Pod.from_model)

    @strawberry.field(
        description="The runs of a job that the cluster still knows of, the latest first; else none.", metadata=SHARED
    )
    def runs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Run] | None:
        page = page_request("runs", first=first, after=after, last=last, before=before)
        return Connection.from_page(info.context.services.workloads.jobs.runs_of(self.model, page), Run.from_model)

    @strawberry.field(
        description="The disks of a stateful service that the cluster has, by name: those of former replicas too, "
        "and those that it took over from an app of its name that was deleted.",
        metadata=SHARED,
    )
    def volume_claims(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[VolumeClaim] | None:
        page = page_request("volumeClaims", first=first, after=after, last=last, before=before)
        claims = info.context.services.workloads.volumes.of_workload(self.model, page)
        return Connection.from_page(claims, lambda claim: VolumeClaim.from_model(claim, owner_id=self.model.owner_id))

    @strawberry.field(description="What the cluster reported of it and its pods, newest first.", metadata=SHARED)
    def events(
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
        events = info.context.services.workloads.events_of(self.model, page, event_filter(filter))
        return Connection.from_page(events, Event.from_model)

    @strawberry.field(description="What happened to it, the latest first.", metadata=PER_VIEWER)
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
        entries = await info.context.services.workloads.history.of_workload(self.model, page, timeline_kinds(filter))
        return Connection.from_page(entries, TimelineEntry.from_model)

    @strawberry.field(
        description="What its pods wrote, of its 20 youngest containers: read from the cluster, a call or two for "
        "each.",
        directives=[Cost(weight="20")],
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
        target = LogTarget(self.model.namespace, self.model.id, container=container, text=text or None)
        return await logs_of(info, target, first=first, after=after, last=last, since=since, previous=previous)

    @strawberry.field(description="What its pods use, added up.")
    def metrics(self, info: Info, range: Range = DEFAULT_RANGE, step: Step = None) -> Metrics | None:
        return Metrics.of(MetricScope(self.model.namespace, self.name), info, span=range, step=step)

    @strawberry.field(
        description="What keeps it from running; null: nothing does, or the cluster does not answer.",
        directives=[Cost(weight="2")],
    )
    async def diagnosis(self, info: Info) -> Diagnosis | None:
        found = await info.context.services.workloads.diagnose(self.model)
        return diagnosis_of(found) if found is not None else None

    @strawberry.field(
        description="The object that makes its pods, as YAML, secrets redacted.", directives=[Cost(weight="5")]
    )
    async def manifest(self, info: Info) -> YAML | None:
        service = info.context.services.workloads
        return YAML(await service.manifest(info.context.principal, self.model.namespace, self.name))

    @strawberry.field(
        description="The app as files of one's own, that kubectl applies anywhere; without Moorage, and without the "
        "values of secrets.",
        directives=[Cost(weight="2")],
    )
    def export(
        self,
        info: Info,
        format: Annotated[  # noqa: A002 - the word of the graph
            ExportFormat, strawberry.argument(description="As what it is exported.")
        ] = ExportFormat.MANIFESTS,
    ) -> list[ExportedFile] | None:
        files = info.context.services.workloads.export(self.model, format)
        return [ExportedFile.from_model(file) for file in files]
