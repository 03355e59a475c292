"""An app's timeline as it is written."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from api.errors import NotFound
from api.workloads import timeline_streams
from api.workloads.access import NO_WORKLOAD
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import TimelineUpdateKind
from graphql_schema.nodes import decode_uuid
from graphql_schema.workloads.timeline import TimelineEntry


@strawberry.type(description="One message of a timeline's stream.")
class TimelineUpdate:
    kind: TimelineUpdateKind = strawberry.field(description="What the message tells.")
    cursor: str = strawberry.field(description="To be sent back as `after`, to go on after this message.")
    entry: TimelineEntry | None = strawberry.field(description="What happened; of ENTRY only.")

    @classmethod
    def from_model(cls, update: timeline_streams.TimelineUpdate) -> TimelineUpdate:
        entry = TimelineEntry.from_model(update.entry) if update.entry is not None else None
        return cls(kind=update.kind, cursor=update.cursor, entry=entry)


@strawberry.type
class TimelineSubscriptions:
    @strawberry.subscription(
        description="What happens to an app from now on, or since `after`: each entry of its timeline once. SYNCED "
        "follows what was missed. A list that is read after SYNCED has everything from before; entries that are in "
        "both have one id. A silent stream says HEARTBEAT each 15 s.",
        directives=[Cost(weight="5")],
    )
    async def workload_timeline(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The app's id.")],
        after: Annotated[
            str | None, strawberry.argument(description="The `cursor` of the last message that was read.")
        ] = None,
    ) -> AsyncGenerator[TimelineUpdate, None]:
        workload_id = decode_uuid(id, "Workload")
        principal = info.context.principal
        if workload_id is None:
            raise NotFound(NO_WORKLOAD)
        stream = info.context.services.following.timelines.follow(principal, workload_id, after)
        async with aclosing(stream) as updates:
            async for update in updates:
                yield TimelineUpdate.from_model(update)
