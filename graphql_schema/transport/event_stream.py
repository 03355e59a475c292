"""One operation as Server-Sent Events: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, "distinct
connections mode".

An event has no `id`, and `Last-Event-ID` is not read: the browser's EventSource, which sends it, cannot POST. What a
stream is resumed from is in its payload (`cursor`), and goes into an argument of the next one (`after`).
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from enum import IntEnum
from functools import partial

import msgspec
from graphql import GraphQLError
from starlette.types import Message, Receive, Scope, Send

from api.authorization.vigils import HAS_ENDED
from api.errors import RateLimited, Unauthenticated
from api.waiting import comes, within
from graphql_schema.context import Context
from graphql_schema.errors import formatted
from graphql_schema.execution import Operation
from graphql_schema.transport.backend import Backend

EVENT_STREAM = "text/event-stream"

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # Proxies that compress hold back what they have until there is more of it.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]
_HEARTBEAT = b":\n\n"
"""A comment: clients pass it over. The first one comes at once, as some browsers wait for it to take the headers."""
_COMPLETE = b"event: complete\ndata:\n\n"


class _Gone(Exception):
    """The client is not there any more, or takes nothing."""


class _End(IntEnum):
    """Why a stream ends; of several reasons at once the greatest counts."""

    STOPPING = 1
    SIGNED_OUT = 2
    COMPLETE = 3
    GONE = 4


class EventStream:
    """The ASGI app that answers one request with the replies to one operation, as they come.

    It ends with `complete` after the last reply, and, after an error with the code UNAUTHENTICATED, once the viewer's
    credential is no longer what it was. When the server stops it ends without: a client takes it for cut off, and comes
    back. Whichever way it ends, no task outlives it.
    Raises RateLimited, with nothing sent, where the viewer has as many streams as one may.
    """

    def __init__(self, operation: Operation, context: Context, backend: Backend) -> None:
        self._operation = operation
        self._context = context
        self._backend = backend
        self._limits = backend.limits
        self._replied = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  the shape of an app
        viewer = self._context.viewer
        with self._backend.one_stream(viewer.user_id if viewer else None) as allowed:
            if not allowed:
                raise self._too_many()
            with suppress(_Gone):
                await self._serve(receive, _Writer(send, self._limits.send_wait))

    async def _serve(self, receive: Receive, writer: _Writer) -> None:
        await writer.start()
        match await self._end(receive, writer):
            case _End.GONE:
                return
            case _End.STOPPING:
                await writer.end()
                return
            case _End.SIGNED_OUT:
                await writer.write(self._broken(Unauthenticated(HAS_ENDED)))
        await writer.write(_COMPLETE, last=True)

    async def _end(self, receive: Receive, writer: _Writer) -> _End:
        """Send replies until there is a reason to end."""
        done: set[asyncio.Future[_End]] = set()
        signed_out: asyncio.Future[_End] = asyncio.get_running_loop().create_future()
        watched = self._backend.until_signed_out(self._context.viewer, partial(_end_of, signed_out))
        try:
            async with asyncio.TaskGroup() as group:
                ends = [
                    signed_out,
                    group.create_task(self._reply(writer), name="graphql-sse operation"),
                    group.create_task(self._until_stopping(writer), name="graphql-sse server"),
                    group.create_task(_disconnected(receive), name="graphql-sse client"),
                ]
                with watched:
                    done, others = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                for task in others:
                    task.cancel()
        except* _Gone:
            done = set()
        return max((task.result() for task in done), default=_End.GONE)

    async def _reply(self, writer: _Writer) -> _End:
        try:
            async with aclosing(self._backend.executor.stream(self._operation, self._context)) as replies:
                async for reply in replies:
                    await writer.write(_next(reply.encoded))
                    self._replied.set()
                    await asyncio.sleep(0)  # a source that always has more must not keep everybody else waiting
        except _Gone:
            raise
        except Exception as error:  # masked, as on a socket: the client learns that it ended, the log why
            await writer.write(self._broken(error))
        return _End.COMPLETE

    async def _until_stopping(self, writer: _Writer) -> _End:
        """Until the server stops; meanwhile the stream is kept from falling silent."""
        while not await comes(self._backend.stopping, seconds=self._limits.heartbeat - writer.idle):
            if writer.idle >= self._limits.heartbeat:
                await writer.write(_HEARTBEAT)
        # A mutation is not left without its reply; a stream has had its first one already.
        await comes(self._replied, seconds=self._limits.last_reply_wait)
        return _End.STOPPING

    def _broken(self, error: Exception) -> bytes:
        told = GraphQLError(str(error), original_error=error)
        return _next(msgspec.json.encode({"errors": [formatted(told, request_id=self._context.request_id)]}))

    def _too_many(self) -> RateLimited:
        connections, operations = self._limits.connections_per_user, self._limits.operations_per_user
        message = f"At most {connections} connections and {operations} operations may be open for one user at once."
        return RateLimited(f"{message} Close one first.", retry_after=1)


class _Writer:
    """Writes one event after the other. It waits while the client is behind, so that nothing piles up here: a source
    tells the latest once it is asked again."""

    def __init__(self, send: Send, wait: float) -> None:
        self._send = send
        self._wait = wait
        self._writing = asyncio.Lock()
        self._clock = asyncio.get_running_loop().time
        self._written_at = self._clock()

    @property
    def idle(self) -> float:
        """For how many seconds nothing was written; none while something is on its way to a slow client."""
        return 0.0 if self._writing.locked() else self._clock() - self._written_at

    async def start(self) -> None:
        """Raises _Gone, as `write` does."""
        await self._put({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self.write(_HEARTBEAT)

    async def write(self, event: bytes, *, last: bool = False) -> None:
        """Raises _Gone where the client is away, or takes nothing for as long as is waited."""
        await self._put({"type": "http.response.body", "body": event, "more_body": not last})

    async def end(self) -> None:
        """Nothing follows."""
        await self.write(b"", last=True)

    async def _put(self, message: Message) -> None:
        try:
            await within(self._wait, self._in_turn(message))
        except OSError as error:  # too late, or it has gone
            raise _Gone from error
        self._written_at = self._clock()

    async def _in_turn(self, message: Message) -> None:
        async with self._writing:
            await self._send(message)


def _next(payload: bytes) -> bytes:
    # JSON has no line breaks of its own, so that it is one line of data whatever is in it.
    return b"event: next\ndata: " + payload + b"\n\n"


def _end_of(signed_out: asyncio.Future[_End]) -> None:
    if not signed_out.done():
        signed_out.set_result(_End.SIGNED_OUT)


async def _disconnected(receive: Receive) -> _End:
    while (await receive())["type"] != "http.disconnect":
        pass
    return _End.GONE
