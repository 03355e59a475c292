"""Lines of logs, a page of them at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from api.logs import models
from api.logs.cursors import line_cursor
from api.logs.models import LogTarget
from api.logs.pages import LogPage, LogRequest
from graphql_schema.connections import PageInfo, page_size
from graphql_schema.context import Info

LogFirst = Annotated[
    int | None,
    strawberry.argument(description="How many lines from the front (of what is behind `after` or `since`), 1 to 100."),
]
LogAfter = Annotated[
    str | None, strawberry.argument(description="Only lines behind this cursor, which a line of these logs carried.")
]
LogLast = Annotated[
    int | None, strawberry.argument(description="How many of the last lines, 1 to 100. Give this or `first`.")
]
Since = Annotated[datetime | None, strawberry.argument(description="Only lines from this moment on.")]
ContainerName = Annotated[
    str | None, strawberry.argument(description="Only containers of this name; left out: every container.")
]
Previous = Annotated[
    bool,
    strawberry.argument(description="Of each container the run before the present one, as after a crash."),
]
Text = Annotated[
    str | None,
    strawberry.argument(description="Only lines with this text, in whatever case; among the latest 2,000 with `last`."),
]


@strawberry.type(description="One line that a container wrote.")
class LogLine:
    pod_name: str = strawberry.field(description="The pod's name.")
    container_name: str = strawberry.field(description="The container's name in the pod.")
    at: datetime = strawberry.field(description="When it was written.")
    message: str = strawberry.field(
        description="The text: control characters are escaped, and what looks like a secret is taken out."
    )
    is_cut: bool = strawberry.field(description="Whether the line was longer than 16 KiB, and was cut there.")
    cursor: str = strawberry.field(description="Its place among the lines of all pods, for `logs(after:)`.")

    @classmethod
    def from_model(cls, line: models.LogLine) -> LogLine:
        return cls(
            pod_name=line.source.pod,
            container_name=line.source.container,
            at=line.moment,
            message=line.message,
            is_cut=line.is_cut,
            cursor=line_cursor(line),
        )


@strawberry.type(description="One line of a page, and its place.")
class LogLineEdge:
    cursor: str = strawberry.field(description="The line's place, to be given as `after`.")
    node: LogLine = strawberry.field(description="The line.")


@strawberry.type(description="One page of logs, in the order in which the lines were written.")
class LogLineConnection:
    edges: list[LogLineEdge] = strawberry.field(description="The lines of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the logs.")

    @classmethod
    def from_page(cls, page: LogPage, request: LogRequest) -> LogLineConnection:
        lines = [LogLine.from_model(line) for line in page.lines]
        info = PageInfo(
            has_next_page=page.has_more and not request.is_last,
            has_previous_page=page.has_more if request.is_last else request.after is not None,
            start_cursor=lines[0].cursor if lines else None,
            end_cursor=lines[-1].cursor if lines else None,
        )
        return cls(edges=[LogLineEdge(cursor=line.cursor, node=line) for line in lines], page_info=info)


async def logs_of(
    info: Info,
    target: LogTarget,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    since: datetime | None,
    previous: bool,
) -> LogLineConnection:
    """A page of the logs of a target that was authorized where it was read."""
    size = page_size("logs", first, last)
    request = LogRequest(size, is_last=first is None, after=after, since=since, previous=previous)
    page = await info.context.services.following.logs.read(target, request)
    return LogLineConnection.from_page(page, request)
