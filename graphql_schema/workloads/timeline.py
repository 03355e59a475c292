"""What happened to apps and namespaces, and apps that may come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from api.workloads import models
from api.workloads.timeline import TimelineEntry as TimelineEntryModel
from graphql_schema.context import Info
from graphql_schema.enums import RevisionCause, TimelineKind, WorkloadKind
from graphql_schema.lazy import LazyUser
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.sharing import PER_VIEWER
from graphql_schema.users import types as user_types
from graphql_schema.workloads.changes import ObjectDiff


@strawberry.type(description="One thing that happened to an app, or to its namespace; kept for 90 days.")
class TimelineEntry(Node):
    kind: TimelineKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When it happened.")
    app: str | None = strawberry.field(description="The app's name; null: it happened to the namespace itself.")
    workload_id: strawberry.ID | None = strawberry.field(
        description="The app's id, which tells it from one that has its name by now; null once it is forgotten."
    )
    revision: int | None = strawberry.field(description="The app's revision that it is about, if any.")
    cause: RevisionCause | None = strawberry.field(description="Why that revision was made.")
    source_revision: int | None = strawberry.field(description="The revision that a rollback went back to.")
    message: str | None = strawberry.field(description="What its author, or the cluster, said of it.")
    model: strawberry.Private[TimelineEntryModel]

    @classmethod
    def from_model(cls, entry: TimelineEntryModel) -> TimelineEntry:
        return cls(
            id=encode_id("TimelineEntry", entry.id),
            kind=entry.kind,
            at=entry.at,
            app=entry.details.app,
            workload_id=encode_id("Workload", entry.workload_id) if entry.workload_id else None,
            revision=entry.details.revision,
            cause=entry.details.cause,
            source_revision=entry.details.source_revision,
            message=entry.details.message,
            model=entry,
        )

    @strawberry.field(
        description="Who did it; null: Moorage by itself, or somebody whom the viewer may not see.", metadata=PER_VIEWER
    )
    async def author(self, info: Info) -> LazyUser | None:
        if self.model.author_id is None:
            return None
        author = await info.context.loaders.users_by_id.load(self.model.author_id)
        return user_types.User.from_model(author) if author else None

    @strawberry.field(description="What was done to objects of the cluster; secret values are never in it.")
    def objects(self) -> list[ObjectDiff]:
        return [ObjectDiff.from_model(diff) for diff in self.model.details.objects]


@strawberry.type(description="An app that was deleted, and can be brought back with `restoreWorkload` for a day.")
class DeletedWorkload:
    id: strawberry.ID = strawberry.field(description="The app's id.")
    name: str = strawberry.field(description="The app's name.")
    kind: WorkloadKind = strawberry.field(description="What it is: a service, a worker or a job.")
    deleted_at: datetime = strawberry.field(description="When it was deleted.")
    restorable_until: datetime = strawberry.field(description="When it is forgotten, with its revisions and secrets.")
    owner_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, deleted: models.DeletedWorkload, *, owner_id: UUID) -> DeletedWorkload:
        """The type of `deleted`, which was in a namespace of `owner_id`'s."""
        return cls(
            id=encode_id("Workload", deleted.id),
            name=deleted.name,
            kind=deleted.kind,
            deleted_at=deleted.deleted_at,
            restorable_until=deleted.restorable_until,
            owner_id=owner_id,
        )

    @strawberry.field(description="What the viewer may do to it: to write is to bring it back.", metadata=PER_VIEWER)
    def viewer_can(self, info: Info) -> ViewerCan:
        return replace(ViewerCan.on(info, owner_id=self.owner_id), delete=False)
