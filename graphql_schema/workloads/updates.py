"""What streams of apps tell."""

from __future__ import annotations

from typing import Annotated, Any, Self

import strawberry

from api.workloads import updates
from graphql_schema.context import Context
from graphql_schema.enums import ResetReason, UpdateKind, WorkloadPhase
from graphql_schema.errors import camel_case
from graphql_schema.nodes import encode_id
from graphql_schema.replies import Reply
from graphql_schema.workloads.types import Workload

AfterCursor = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last message that had one, to go on from there: nothing is lost, and nothing "
        "told twice. Where that cannot be, a RESET and a snapshot of everything follow."
    ),
]


@strawberry.type(description="How an app differs from what was told of it before.")
class WorkloadChange:
    fields: list[str] = strawberry.field(
        description="The fields of `Workload` that differ, as in `status`; empty for an app that is new to the stream."
    )
    from_revision: int | None = strawberry.field(description="The revision that was current before; null: none.")
    to_revision: int | None = strawberry.field(description="The revision that is current now; null: none yet.")
    from_phase: WorkloadPhase | None = strawberry.field(description="The phase before; null for an app that is new.")
    to_phase: WorkloadPhase = strawberry.field(description="The phase now.")
    reason: str = strawberry.field(description="What it is in, in a sentence for its developer.")

    @classmethod
    def from_model(cls, change: updates.WorkloadChange) -> WorkloadChange:
        return cls(
            fields=[camel_case(name) for name in change.fields],
            from_revision=change.from_revision,
            to_revision=change.to_revision,
            from_phase=change.from_phase,
            to_phase=change.to_phase,
            reason=change.reason,
        )


@strawberry.type(
    description="One message of an app's stream: the app as it is (SNAPSHOT), then what changes (CHANGE, DELETED). The "
    "other kinds are about the stream itself."
)
class DeploymentUpdate:
    kind: UpdateKind = strawberry.field(description="What the message tells.")
    cursor: str | None = strawberry.field(
        description="To be sent back as `after`, to go on after this message. Null while a snapshot is not whole yet."
    )
    workload_id: strawberry.ID | None = strawberry.field(
        description="The id of the app it is about; null where it is about the stream."
    )
    workload: Workload | None = strawberry.field(
        description="The app as it is now; null once it is deleted, and where the message is about the stream."
    )
    change: WorkloadChange | None = strawberry.field(description="How the app differs from before; of CHANGE only.")
    reset_reason: ResetReason | None = strawberry.field(description="Why the stream begins anew; of RESET only.")
    dropped: int = strawberry.field(description="How many messages were left out; of LAGGED only, else 0.")
    replies: strawberry.Private[dict[Any, Reply]]
    """What operations made of it, for all their subscribers."""

    @classmethod
    def from_model(cls, update: updates.WorkloadUpdate) -> Self:
        """Made once of each message, whoever reads it."""
        if cls not in update.made:
            update.made[cls] = cls(
                kind=update.kind,
                cursor=update.cursor,
                workload_id=encode_id("Workload", update.workload_id) if update.workload_id else None,
                workload=Workload.from_model(update.workload) if update.workload else None,
                change=WorkloadChange.from_model(update.change) if update.change else None,
                reset_reason=update.reset,
                dropped=update.dropped,
                replies={},
            )
        made: Self = update.made[cls]
        return made

    @classmethod
    def sink(cls, context: Context) -> updates.Sink:
        """How the subscriber may be told without a turn of their task."""
        passing, made = context.passing, cls.from_model
        if passing is None:
            return updates.takes_none
        return lambda update: passing(made(update), changed_at=update.changed_at)


@strawberry.type(
    description="One message of a namespace's stream: each app as it is (SNAPSHOT), SYNCED once that is all, then what "
    "changes (CHANGE, DELETED). The other kinds are about the stream itself."
)
class NamespaceUpdate(DeploymentUpdate):
    pass
