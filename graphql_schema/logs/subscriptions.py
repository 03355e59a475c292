"""Logs as they are written."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry

from api.errors import InvalidInput, NotFound
from api.logs import models
from api.workloads.access import NO_WORKLOAD
from api.workloads.log_service import LogsWanted
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import LogEndReason, LogGapReason, LogUpdateKind, PodEndReason
from graphql_schema.logs.types import ContainerName, LogLine
from graphql_schema.nodes import decode_uuid

MOST_HISTORY = 1000


@strawberry.type(
    description="One message of a stream of logs: LINES, what becomes of pods (POD_STARTED, POD_ENDED), what was not "
    "told (GAP, LAGGED), and what is about the stream itself (HEARTBEAT, ENDED)."
)
class LogUpdate:
    kind: LogUpdateKind = strawberry.field(description="What the message tells.")
    cursor: str = strawberry.field(description="To be sent back as `after`, to go on after this message.")
    lines: list[LogLine] = strawberry.field(
        description="Lines in the order in which they were written, as far as they had come; of LINES only, else empty."
    )
    pod_name: str | None = strawberry.field(
        default=None, description="The pod that it is about; null for LINES, and where it is about the stream."
    )
    container_names: list[str] = strawberry.field(
        default_factory=list, description="The containers of that pod that it is about; empty: the whole pod."
    )
    gap_reason: LogGapReason | None = strawberry.field(
        default=None, description="Why lines may be missing between those before and those after; of GAP only."
    )
    dropped: int = strawberry.field(
        default=0, description="How many lines were left out, as the reader is too slow; of LAGGED only, else 0."
    )
    pod_end_reason: PodEndReason | None = strawberry.field(
        default=None, description="Why nothing more comes of the pod; of POD_ENDED only."
    )
    end_reason: LogEndReason | None = strawberry.field(
        default=None, description="Why nothing more comes at all; of ENDED only."
    )

    @classmethod
    def from_model(cls, event: models.LogEvent) -> LogUpdate:
        update = cls(kind=_kind(event.told), cursor=event.cursor, lines=[])
        match event.told:
            case models.Lines(lines=lines):
                update.lines = [LogLine.from_model(line) for line in lines]
            case models.PodStarted(pod=pod, containers=containers):
                update.pod_name, update.container_names = pod, list(containers)
            case models.PodEnded(pod=pod, reason=end):
                update.pod_name, update.pod_end_reason = pod, end
            case models.Gap(pod=pod, container=container, reason=gap):
                update.pod_name, update.container_names, update.gap_reason = pod, [container], gap
            case models.Lagged(pod=pod, container=container, dropped=dropped):
                update.pod_name, update.container_names, update.dropped = pod, [container], dropped
            case models.Ended(reason=reason):
                update.end_reason = reason
        return update


_KINDS: dict[type[models.Told], LogUpdateKind] = {
    models.Lines: LogUpdateKind.LINES,
    models.PodStarted: LogUpdateKind.POD_STARTED,
    models.PodEnded: LogUpdateKind.POD_ENDED,
    models.Gap: LogUpdateKind.GAP,
    models.Lagged: LogUpdateKind.LAGGED,
    models.Heartbeat: LogUpdateKind.HEARTBEAT,
    models.Ended: LogUpdateKind.ENDED,
}


def _kind(told: models.Told) -> LogUpdateKind:
    return _KINDS[type(told)]


def _app(workload_id: str | None, namespace: str | None, name: str | None) -> UUID | tuple[str, str]:
    """The app that the arguments name. An id of anything else is of no app."""
    if workload_id is not None and namespace is None and name is None:
        uuid = decode_uuid(workload_id, "Workload")
        if uuid is None:
            raise NotFound(NO_WORKLOAD)
        return uuid
    if workload_id is None and namespace is not None and name is not None:
        return namespace, name
    raise InvalidInput("Give `workloadId`, or `namespace` and `name`.", path=("workloadId",))


@strawberry.type
class LogSubscriptions:
    @strawberry.subscription(
        description="What an app's pods write: the last lines of each container first, or what came since `after`, "
        "then each line as it comes, of pods that come later from the first one on. Going on from a cursor loses no "
        "line and tells none twice, as long as the cluster still has them; else a GAP says where. A silent stream says "
        "HEARTBEAT each 15 s.",
        directives=[Cost(weight="20")],
    )
    async def log_lines(
        self,
        info: Info,
        *,
        workload_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The app's id; or give `namespace` and `name`.")
        ] = None,
        namespace: Annotated[
            str | None, strawberry.argument(description="The slug of the namespace that the app is in.")
        ] = None,
        name: Annotated[str | None, strawberry.argument(description="The app's name.")] = None,
        after: Annotated[
            str | None, strawberry.argument(description="The `cursor` of the last message that was read.")
        ] = None,
        pod: Annotated[
            str | None, strawberry.argument(description="Only the pod of this name; the stream ends with it.")
        ] = None,
        container: ContainerName = None,
        text: Annotated[
            str | None, strawberry.argument(description="Only lines with this text, in whatever case.")
        ] = None,
        last: Annotated[
            int,
            strawberry.argument(description="How many of each container's last lines come first, 0 to 1000."),
        ] = 100,
    ) -> AsyncGenerator[LogUpdate, None]:
        if not 0 <= last <= MOST_HISTORY:
            raise InvalidInput(f"`last` is {last}; it must be from 0 to {MOST_HISTORY}.", path=("last",))
        wanted = LogsWanted(_app(workload_id, namespace, name), pod=pod, container=container, text=text or None)
        stream = info.context.services.following.logs.follow(info.context.principal, wanted, after, history=last)
        async with aclosing(stream) as events:
            async for event in events:
                yield LogUpdate.from_model(event)
