"""Revisions: the immutable, numbered descriptions of an app."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from api.workloads import models
from graphql_schema.context import Info
from graphql_schema.enums import RevisionCause, RevisionState
from graphql_schema.lazy import LazyUser
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.sharing import PER_VIEWER
from graphql_schema.users import types as user_types
from graphql_schema.workloads.changes import FieldChange
from graphql_schema.workloads.specs import WorkloadSpec


@strawberry.type(description="One immutable, numbered description of an app.")
class Revision(Node):
    number: int = strawberry.field(description="1 for the first, and one more each time.")
    cause: RevisionCause = strawberry.field(description="Why it was made.")
    state: RevisionState = strawberry.field(description="What became of it.")
    message: str | None = strawberry.field(description="What its author wrote about it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    is_current: bool = strawberry.field(description="Whether it is the app's current one.")
    source_revision: int | None = strawberry.field(
        description="The number of the revision that a rollback took up again; null for any other, and for rollbacks "
        "made before this was kept."
    )
    model: strawberry.Private[models.Revision]
    owner_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, revision: models.Revision, *, owner_id: UUID) -> Revision:
        """The type of `revision`, of an app in a namespace of `owner_id`'s."""
        return cls(
            id=encode_id("Revision", revision.id),
            number=revision.number,
            cause=revision.cause,
            state=revision.state,
            message=revision.message,
            created_at=revision.created_at,
            is_current=revision.is_current,
            source_revision=revision.source_revision,
            model=revision,
            owner_id=owner_id,
        )

    @strawberry.field(
        description="What the viewer may do to it: to write is to roll back to it; nobody deletes one.",
        metadata=PER_VIEWER,
    )
    def viewer_can(self, info: Info) -> ViewerCan:
        return replace(ViewerCan.on(info, owner_id=self.owner_id), delete=False)

    @strawberry.field(description="The app as this revision describes it.")
    def spec(self) -> WorkloadSpec:
        return WorkloadSpec.from_model(self.model.spec)

    @strawberry.field(
        description="Who made it; null where the viewer may not see that user, or they are gone.", metadata=PER_VIEWER
    )
    async def author(self, info: Info) -> LazyUser | None:
        if self.model.author_id is None:
            return None
        author = await info.context.loaders.users_by_id.load(self.model.author_id)
        return user_types.User.from_model(author) if author else None

    @strawberry.field(description="The difference to the revision before it, in the form's fields.")
    def changes(self) -> list[FieldChange]:
        return [FieldChange.from_spec(change) for change in self.model.changes]
