"""Queries about apps."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

import strawberry

from api.errors import NotFound
from api.manifests.kinds import PROFILES
from api.manifests.pasting.reading import read
from api.manifests.rules import RULES
from api.manifests.sizes import PRESETS
from graphql_schema.context import Context, Info
from graphql_schema.cost import Cost
from graphql_schema.payloads import answers_with
from graphql_schema.sharing import PER_VIEWER
from graphql_schema.workloads.form import ExposureOffer, FieldRule, KindForm, SizePreset, WorkloadForm
from graphql_schema.workloads.pasting import PastedWorkload, PastedWorkloadPayload
from graphql_schema.workloads.pods import Event, Pod
from graphql_schema.workloads.revisions import Revision
from graphql_schema.workloads.runs import Run
from graphql_schema.workloads.timeline import TimelineEntry
from graphql_schema.workloads.types import Workload
from graphql_schema.workloads.volumes import VolumeClaim


@strawberry.type
class WorkloadQueries:
    @strawberry.field(
        description="An app by namespace and name; null where there is none that the viewer may see.",
        metadata=PER_VIEWER,
    )
    async def workload(
        self,
        info: Info,
        namespace: Annotated[str, strawberry.argument(description="The slug of the namespace it is in.")],
        name: Annotated[str, strawberry.argument(description="The app's name.")],
    ) -> Workload | None:
        principal = info.context.principal
        try:
            return Workload.from_model(await info.context.services.workloads.get(principal, namespace, name))
        except NotFound:
            return None

    @strawberry.field(description="What the form of an app needs: sizes, and the rules to check while one types.")
    def workload_form(self, info: Info) -> WorkloadForm:
        info.context.require_viewer()
        return WorkloadForm(
            kinds=[KindForm.from_model(profile) for profile in PROFILES],
            exposures=[ExposureOffer.from_model(each) for each in info.context.services.workloads.exposure_offers()],
            sizes=[SizePreset.from_model(preset) for preset in PRESETS],
            rules=[FieldRule.from_model(rule) for rule in RULES],
        )

    @strawberry.field(
        description="What a `docker run` line, a compose file or objects of Kubernetes say of an app, to fill the "
        "form.",
        directives=[Cost(weight="5")],
    )
    @answers_with(PastedWorkloadPayload)
    async def pasted_workload(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="The text, 64 KiB at most.")],
    ) -> PastedWorkloadPayload | None:
        info.context.require_viewer()
        # A long text takes a while: others are served meanwhile.
        pasted = await asyncio.to_thread(read, text)
        return PastedWorkloadPayload(workload=PastedWorkload.from_model(pasted))


async def find_workload(context: Context, workload_id: UUID) -> Workload | None:
    """The app of an id; None where there is none that the viewer may see."""
    try:
        return Workload.from_model(await context.services.workloads.get_by_id(context.principal, workload_id))
    except NotFound:
        return None


async def find_revision(context: Context, revision_id: UUID) -> Revision | None:
    """The revision of an id; None where there is none that the viewer may see."""
    try:
        namespace, revision = await context.services.workloads.revision_by_id(context.principal, revision_id)
    except NotFound:
        return None
    return Revision.from_model(revision, owner_id=namespace.owner_id)


async def find_pod(context: Context, uid: str) -> Pod | None:
    """The pod of a UID; None where there is none that the viewer may see."""
    try:
        return Pod.from_model(await context.services.workloads.pod_by_uid(context.principal, uid))
    except NotFound:
        return None


async def find_run(context: Context, uid: str) -> Run | None:
    """The run of a UID; None where there is none that the viewer may see."""
    try:
        return Run.from_model(await context.services.workloads.jobs.run_by_uid(context.principal, uid))
    except NotFound:
        return None


async def find_volume_claim(context: Context, uid: str) -> VolumeClaim | None:
    """The disk of a UID; None where there is none that the viewer may see."""
    try:
        namespace, claim = await context.services.workloads.volumes.by_uid(context.principal, uid)
    except NotFound:
        return None
    return VolumeClaim.from_model(claim, owner_id=namespace.owner_id)


async def find_timeline_entry(context: Context, entry_id: UUID) -> TimelineEntry | None:
    """The entry of an id; None where there is none that the viewer may see."""
    try:
        return TimelineEntry.from_model(await context.services.workloads.history.by_id(context.principal, entry_id))
    except NotFound:
        return None


async def find_event(context: Context, uid: str) -> Event | None:
    """The event of a UID; None where there is none that the viewer may see."""
    try:
        return Event.from_model(await context.services.workloads.event_by_uid(context.principal, uid))
    except NotFound:
        return None
