"""How many resolvers of an operation are awaited just now, for whoever wants to wait for the last of them."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from graphql import Executor, GraphQLResolveInfoHelpers

T = TypeVar("T")

_TURNS = 20
"""Of the event loop: what one resolver gives takes at most one for each level below it to reach the next resolver."""


class Pending:
    """The awaited resolvers of one operation."""

    def __init__(self) -> None:
        self._count = 0
        self._fewer = asyncio.Event()

    async def counted(self, awaitable: Awaitable[T]) -> T:
        """Await a resolver's result, counting it meanwhile."""
        self._count += 1
        try:
            return await awaitable
        finally:
            self._count -= 1
            self._fewer.set()

    async def settled(self, waiting: Callable[[], int]) -> None:
        """Wait until no resolver is awaited but the `waiting` ones, which wait for this."""
        while True:
            self._fewer.clear()
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            if self._count <= waiting():
                return
            await self._fewer.wait()


class CountingExecutor(Executor[Any]):
    """graphql-core's executor, telling the context's `pending` of every resolver that it awaits.

    It does not refer to itself, as that one does by its helpers: it and what belongs to the operation would wait for a
    garbage collection.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        itself = weakref.proxy(self)

        def gather(work: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
            return itself.gather_async_work(work)  # type: ignore[no-any-return]

        def track(work: Sequence[Any]) -> None:
            itself.track_async_work(work)

        self.async_helpers = GraphQLResolveInfoHelpers(gather, track)

    async def with_abort_signal(self, awaitable: Awaitable[T]) -> T:
        """Where graphql-core awaits what a resolver gave."""
        pending: Pending = self.context_value.pending
        return await pending.counted(super().with_abort_signal(awaitable))
