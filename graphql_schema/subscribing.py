"""Subscriptions: the events of a source, each executed, and once for all where everybody is told the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
)
from graphql import Executor as GraphQLExecutor

from api.turns import Turns
from graphql_schema.budget import Points
from graphql_schema.context import Context
from graphql_schema.executor import ShortcutExecutor
from graphql_schema.flights import Flight
from graphql_schema.replies import Reply, refusal, reply_of, too_late
from graphql_schema.sharing import Shared, Sharing

Arguments: TypeAlias = Callable[[Context], dict[str, Any]]
"""What an executor is built with, for a context."""


MOST_SHARED = 8
"""Operations whose replies are kept of one event: whoever follows by others has theirs executed for each."""


class Told:
    """One for all operations that are told the same of an event, from wherever they go on: found by its identity."""

    __slots__ = ("__weakref__",)


@dataclass(frozen=True, eq=False)
class Prepared:
    """An operation that may be executed: one object for all that are equal, so that it is a key by its identity."""

    document: DocumentNode
    kind: OperationType
    name: str | None
    """As the document has it."""
    shared: Shared
    points: Points
    told: Told = field(default_factory=Told)
    """Of a subscription: what its replies are kept by."""


Replies: TypeAlias = dict[Told, Reply | Flight[Reply]]
"""What operations made of an event, or are about to."""


class Subscription:
    """One subscriber's subscription: its `events`, and the reply to each."""

    def __init__(
        self,
        schema: GraphQLSchema,
        prepared: Prepared,
        context: Context,
        arguments: Arguments,
        *,
        deadline: float,
        turns: Turns,
    ) -> None:
        self._schema = schema
        self._prepared = prepared
        self._told = prepared.told
        self._context = context
        self._arguments = arguments
        self._deadline = deadline
        self._turns = turns
        self.is_shared = prepared.shared.sharing is Sharing.ALL
        """Whether everybody who subscribes to the same is told the same."""
        self._own: ShortcutExecutor | None = None

    async def events(self) -> AsyncGenerator[Any, None] | Reply:
        """What happens, from its source; the reply that refuses it where that is not to be had. It is to be closed then
        by whoever reads them."""
        events: AsyncGenerator[Any, None] | Reply | None = None
        try:
            events = await self._events()
            return events
        finally:
            if events is None or isinstance(events, Reply):
                self.close()

    async def _events(self) -> AsyncGenerator[Any, None] | Reply:
        executor = self._executor(self._context)
        if isinstance(executor, list):
            return refusal(executor, self._context.request_id)
        self._own = executor
        try:
            async with asyncio.timeout(self._deadline), self._turns as turns:
                source = create_source_event_stream(executor)
                source = await turns.paced(source) if isawaitable(source) else source
        except TimeoutError:
            return too_late(self._deadline, self._context.request_id)
        if isinstance(source, ExecutionResult):
            return refusal(source.errors or [], self._context.request_id)
        return cast("AsyncGenerator[Any, None]", source)

    def close(self) -> None:
        """Let go of the socket, and of what refers to itself: it would wait for a garbage collection, which comes late
        to what is old."""
        self._context.passing = self._context.outlet = None
        if self._own is not None:
            vars(self._own).clear()
            self._own = None

    def broken(self, error: Exception) -> Reply:
        """The last reply, where the source of the events breaks."""
        return refusal([GraphQLError(str(error), original_error=error)], self._context.request_id)

    def made(self, event: Any) -> Reply | None:
        """What was made of the event for another subscriber of an equal operation."""
        replies = self._replies(event)
        made = replies.get(self._told) if replies else None
        return made if isinstance(made, Reply) else None

    def passing(self, event: Any, *, changed_at: float | None) -> bool:
        """Send what was made of the event for others, as graphql_schema.context.Passing has it."""
        reply, outlet = self.made(event), self._context.outlet
        if reply is None or outlet is None or not outlet(reply.encoded):
            return False
        self._context.observation.sent(changed_at)
        return True

    async def execute(self, event: Any) -> Reply:
        """The reply to an event, which is kept for others where it may be."""
        replies = self._replies(event)
        if replies is not None:
            reply = await self._shared(event, replies)
            if reply is not None:
                return reply
        if self._own is None:
            raise RuntimeError("A subscription has events once they were begun, until it is closed.")
        return await self._reply(self._own.build_per_event_executor(event), self._context)

    async def _shared(self, event: Any, replies: Replies) -> Reply | None:
        """The reply for all, executed by whoever comes first; None where there is none that may be shared."""
        told = self._told
        flight = replies.get(told)
        if isinstance(flight, Reply):
            return flight
        if flight is None and len(replies) >= MOST_SHARED:
            return None
        if flight is None:
            flight = replies[told] = Flight(lambda: replies.pop(told, None))
        elif not await flight.joined():
            return flight.outcome
        return await self._led(flight, event, replies)

    async def _led(self, flight: Flight[Reply], event: Any, replies: Replies) -> Reply | None:
        try:
            reply = await self._execute_for_all(event)
        except asyncio.CancelledError:
            flight.hand_over()
            raise
        except BaseException:
            flight.land(None)
            raise
        shared = reply if reply.may_be_shared else None
        flight.land(shared)
        if shared is not None:
            replies[self._told] = shared
        return shared

    async def _execute_for_all(self, event: Any) -> Reply:
        """Without a viewer, so that nothing can look at one: what does fails, and is executed for each by itself."""
        nobody = Context(services=self._context.services, viewer=None, request_id=self._context.request_id)
        executor = self._executor(nobody)
        if isinstance(executor, list):
            return refusal(executor, nobody.request_id)
        return await self._reply(executor.build_per_event_executor(event), nobody)

    def _replies(self, event: Any) -> Replies | None:
        """What operations made of an event that is one object for everybody who is told of it; None of another one, and
        where nothing is shared."""
        return getattr(event, "replies", None) if self.is_shared else None

    async def _reply(self, executor: GraphQLExecutor[Any], context: Context) -> Reply:
        try:
            async with asyncio.timeout(self._deadline), self._turns as turns:
                result = execute_subscription_event(executor)
                return reply_of(await turns.paced(result) if isawaitable(result) else result, context.request_id)
        except TimeoutError:
            return too_late(self._deadline, context.request_id)

    def _executor(self, context: Context) -> ShortcutExecutor | list[GraphQLError]:
        built = ShortcutExecutor.build(self._schema, self._prepared.document, **self._arguments(context))
        return cast("ShortcutExecutor | list[GraphQLError]", built)
