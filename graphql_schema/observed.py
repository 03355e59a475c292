"""The executor, with somebody who is told how operations fare."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_schema.context import Context
from graphql_schema.execution import Executor
from graphql_schema.observer import Observation, Observer


class ObservedExecutor(Executor):
    """Tells `observer` of every operation, whichever way it came in."""

    def __init__(self, *arguments: Any, observer: Observer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._observer = observer

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
