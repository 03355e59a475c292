"""The executor, with somebody who is told how operations fare."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, aclosing
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from api.monitoring.arrivals import changed_at
from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.observer import Observation, Observer
from graphql_schema.replies import Reply


class ObservedExecutor(Executor):
    """Tells `observer` of every operation, whichever way it came in."""

    def __init__(self, *arguments: Any, observer: Observer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._observer = observer

    async def execute(self, operation: Operation, context: Context) -> Reply:
        with self._observed(context) as context.observation:
            reply = await super().execute(operation, context)
            context.observation.failed(_codes(reply))
            return reply

    async def stream(self, operation: Operation, context: Context) -> AsyncGenerator[Reply, None]:
        with self._observed(context) as context.observation:
            async with aclosing(super().stream(operation, context)) as replies:
                async for reply in replies:
                    arrived = changed_at.get()
                    context.observation.failed(_codes(reply))
                    context.observation.replied()
                    yield reply
                    context.observation.sent(arrived)  # whoever asks for the next one has sent this one

    def _observed(self, context: Context) -> AbstractContextManager[Observation]:
        return self._observer.operation(request_id=context.request_id, signed_in=context.viewer is not None)


class CountedConnections:
    """An endpoint whose open connections are counted."""

    def __init__(self, app: ASGIApp, observer: Observer, *, transport: str) -> None:
        self._app = app
        self._observer = observer
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._observer.connection(self._transport):
            await self._app(scope, receive, send)


def _codes(reply: Reply) -> Sequence[str]:
    errors = reply.payload.get("errors")
    return [error["extensions"]["code"] for error in errors] if errors else ()
