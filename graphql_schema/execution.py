"""Executes operations: the one way in, for HTTP, WebSockets and anything else that runs GraphQL."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from inspect import isawaitable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary, WeakValueDictionary

import msgspec
import strawberry
from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    get_variable_values,
)
from strawberry.execution import optimized_is_awaitable

from api.error_codes import ErrorCode
from api.monitoring.arrivals import changed_at
from api.turns import Turns
from graphql_schema.allowances import Allowance, Allowances, NotAfforded
from graphql_schema.budget import Budget, Points, end_of, named
from graphql_schema.context import Context
from graphql_schema.documents import MAX_ERRORS, MOST_KEPT_CHARACTERS, Audience, Documents, InvalidDocument
from graphql_schema.executor import Plan, ShortcutExecutor
from graphql_schema.limits import Limits
from graphql_schema.observer import Observation
from graphql_schema.reads import KEPT_SECONDS, SharedReads
from graphql_schema.replies import Reply, refusal, reply_of, too_late
from graphql_schema.sharing import NOT_SHARED, sharing_of, variables_of_events
from graphql_schema.subscribing import Prepared, Subscription, Told
from graphql_schema.trusted import AnyDocuments

DEADLINE_SECONDS = 10.0
_PREPARED = 500
"""Operations, with their variables."""

Key: TypeAlias = tuple[str, str | None, bytes, Audience]
"""What prepared operations are found by: document, name, variables as JSON, and audience."""


@dataclass(frozen=True)
class Operation:
    """What a client asks to have executed: a text, or the id of one that the server has."""

    query: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    document_id: str | None = None

    @cached_property
    def encoded_variables(self) -> bytes:
        """As JSON; written once for all who send it, where it is kept."""
        return msgspec.json.encode(self.variables)


class Executor:
    """Executes operations on one schema, within the limits and a deadline.

    With `open_to_strangers` False, callers who are not signed in can neither introspect the schema nor are they
    given suggestions of names. A read is given to who asks the same within `kept_seconds`, while nothing has changed.
    `trusted` says which documents are executed at all.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        open_to_strangers: bool,
        limits: Limits | None = None,
        allowances: Allowances | None = None,
        deadline: float = DEADLINE_SECONDS,
        kept_seconds: float = KEPT_SECONDS,
        trusted: AnyDocuments | None = None,
    ) -> None:
        # strawberry has no public name for the executable schema; its own extensions reach for this one.
        self._schema = schema._schema
        limits = limits or Limits()
        self._documents = Documents(self._schema, limits)
        self._budget = Budget(self._schema, most_items=limits.nodes)
        self._allowances = allowances or Allowances()
        self._open_to_strangers = open_to_strangers
        self._signed_in = Audience(signed_in=True, may_introspect=True)
        self._strangers = Audience(signed_in=False, may_introspect=open_to_strangers)
        self._deadline = deadline
        self._prepared: OrderedDict[Key, Prepared] = OrderedDict()
        self._told: WeakValueDictionary[Key, Told] = WeakValueDictionary()
        self._plans: WeakKeyDictionary[Prepared, Plan] = WeakKeyDictionary()
        self._reads = SharedReads(seconds=kept_seconds)
        self._trusted = trusted or AnyDocuments()
        self._turns = Turns()

    async def execute(self, operation: Operation, context: Context) -> Reply:
        """The reply to a query or mutation; a subscription is refused."""
        with self._observed(context) as context.observation:
            admitted = self._admit(operation, context)
            if isinstance(admitted, Reply):
                reply = admitted
            elif admitted.kind is OperationType.SUBSCRIPTION:
                reply = _misplaced(context.request_id)
            else:
                reply = await self._answer(admitted, operation, context)
            context.observation.failed(reply.codes)
            return reply

    async def stream(self, operation: Operation, context: Context) -> AsyncGenerator[Reply, None]:
        """The replies to any operation: those of a subscription as they come, of anything else the one.

        One generator, and not one for each thing it does: each would be passed by every message of every subscriber.
        """
        with self._observed(context) as context.observation:
            seen = context.observation
            opened = await self._opened(operation, context)
            if isinstance(opened, Reply):
                seen.failed(opened.codes)
                seen.replied()
                yield opened
                return
            subscription, source, points = opened
            seen.subscribed(context.transport)
            try:
                async with aclosing(source) as events:
                    async for event in events:
                        reply = subscription.made(event) or await subscription.execute(event)
                        seen.failed(reply.codes)
                        arrived = changed_at.get()
                        yield reply
                        seen.sent(arrived)  # whoever asks for the next one has sent this one
                        if points:
                            await self._allowances.pay_event(context.viewer, points)
            except Exception as error:  # the source broke: the stream ends with the reason
                reply = subscription.broken(error)
                seen.failed(reply.codes)
                yield reply
            finally:
                subscription.close()

    async def _opened(
        self, operation: Operation, context: Context
    ) -> Reply | tuple[Subscription, AsyncGenerator[Any, None], int]:
        """A subscription, its events, and what each of them costs; of anything else the reply."""
        prepared = self._admit(operation, context)
        if isinstance(prepared, Reply):
            return prepared
        if prepared.kind is not OperationType.SUBSCRIPTION:
            return await self._answer(prepared, operation, context)
        variables = {"raw_variable_values": dict(operation.variables)}

        def arguments(context: Context) -> dict[str, Any]:
            return self._arguments(operation, context) | variables

        subscription = Subscription(
            self._schema, prepared, context, arguments, deadline=self._deadline, turns=self._turns
        )
        if context.outlet is not None and subscription.is_shared and not prepared.points.event:
            context.passing = subscription.passing
        events = await subscription.events()
        return events if isinstance(events, Reply) else (subscription, events, prepared.points.event)

    def _observed(self, context: Context) -> AbstractContextManager[Observation]:
        """Somebody may look on while an operation is executed; here nobody does."""
        return nullcontext(context.observation)

    def check(self, operation: Operation) -> OperationDefinitionNode:
        """The operation as it would be executed later on for somebody who is signed in; raises InvalidDocument where it
        would be refused before any resolver runs, for its variables or its cost too."""
        prepared = self._checked(self._text(operation), operation, self._signed_in)
        _require_affordable(prepared.points, self._allowances.token)
        definition = get_operation_ast(prepared.document, operation.name)
        if definition is None:
            message = "The document must have exactly one operation."
            raise InvalidDocument([GraphQLError(message)], code=ErrorCode.BAD_REQUEST)
        variables = definition.variable_definitions or ()
        values = get_variable_values(self._schema, variables, dict(operation.variables), max_errors=MAX_ERRORS)
        if isinstance(values, list):
            raise InvalidDocument(values, code=ErrorCode.BAD_USER_INPUT)
        return definition

    def _admit(self, operation: Operation, context: Context) -> Prepared | Reply:
        """The operation, charged; the reply that refuses it where it is at fault, or its viewer has spent too much.

        One point of it is charged before a document is read that is not known: one that is refused takes time too.
        """
        account = self._allowances.account(context.viewer)
        try:
            key = self._key(operation, context)
            known = self._prepared.get(key)
            if account is not None and known is None:
                context.charge = account.charge(1)
            prepared = known or self._prepare(operation, key)
            context.observation.named(prepared.kind.value, prepared.name)
            if account is not None:
                cost = prepared.points.cost
                _require_affordable(prepared.points, account.allowance)
                context.charge = account.charge(cost, paid=0 if known else 1)
                context.observation.charged(cost)
        except InvalidDocument as error:
            return refusal(error.errors, context.request_id, code=error.code)
        except NotAfforded as error:
            context.charge = error.charge
            return refusal([GraphQLError(error.message, original_error=error)], context.request_id)
        return prepared

    def _key(self, operation: Operation, context: Context) -> Key:
        """What an equal operation is found again by; raises InvalidDocument for a document that is not trusted."""
        audience = self._signed_in if context.viewer is not None else self._strangers
        return self._text(operation), operation.name, operation.encoded_variables, audience

    def _text(self, operation: Operation) -> str:
        return self._trusted.text(operation.query, operation.document_id)

    def _prepare(self, operation: Operation, key: Key) -> Prepared:
        """Raises InvalidDocument. Clients send the same few operations again and again: the latest are kept, but for
        mutations, whose variables may be secrets."""
        prepared = self._checked(key[0], operation, key[-1])
        if prepared.kind is not OperationType.MUTATION and len(key[0]) + len(key[2]) <= MOST_KEPT_CHARACTERS:
            self._prepared[key] = prepared
        if len(self._prepared) > _PREPARED:
            self._prepared.popitem(last=False)
        return prepared

    def _checked(self, text: str, operation: Operation, audience: Audience) -> Prepared:
        document = self._documents.read(text, audience)
        definition = get_operation_ast(document, operation.name)
        if definition is None:  # which one is meant graphql-core will ask
            return Prepared(document, OperationType.QUERY, None, NOT_SHARED, Points())
        try:
            points = self._budget.points(document, definition, operation.variables)
        except GraphQLError as error:
            raise InvalidDocument([error], code=ErrorCode.BAD_USER_INPUT) from error
        shared = sharing_of(self._schema, document, definition, operation.variables)
        name = definition.name.value if definition.name else None
        if definition.operation is not OperationType.SUBSCRIPTION:
            return Prepared(document, definition.operation, name, shared, points)
        told = self._told_to(text, operation, variables_of_events(document, definition), audience)
        return Prepared(document, definition.operation, name, shared, points, told)

    def _told_to(self, text: str, operation: Operation, variables: Collection[str], audience: Audience) -> Told:
        """What the replies of a subscription are kept by: the same for all that differ in other variables, as in where
        each goes on from."""
        given = {name: value for name, value in operation.variables.items() if name in variables}
        return self._told.setdefault((text, operation.name, msgspec.json.encode(given), audience), Told())

    async def _answer(self, prepared: Prepared, operation: Operation, context: Context) -> Reply:
        """The reply to a query or mutation: the one that others were given, where it would be the same."""
        if prepared.kind is OperationType.MUTATION:
            try:
                return await self._execute(prepared, operation, context)
            finally:
                self._reads.written()
        viewer, slugs = context.viewer, prepared.shared.slugs
        moment = context.services.workloads.moment(slugs) if slugs and viewer is not None else None
        if viewer is None or moment is None:
            return await self._execute(prepared, operation, context)
        key = (prepared, viewer.user_id, viewer.role, viewer.scopes)
        kept = self._reads.kept(key, moment)
        if kept is not None:
            return kept
        return await self._reads.read(key, moment, lambda: self._execute(prepared, operation, context))

    async def _execute(self, prepared: Prepared, operation: Operation, context: Context) -> Reply:
        try:
            async with asyncio.timeout(self._deadline), self._turns as turns:
                result = execute(
                    self._schema,
                    prepared.document,
                    variable_values=dict(operation.variables),
                    executor_class=ShortcutExecutor,
                    plan=self._plans.setdefault(prepared, {}),
                    **self._arguments(operation, context),
                )
                return reply_of(await turns.paced(result) if isawaitable(result) else result, context.request_id)
        except TimeoutError:
            return too_late(self._deadline, context.request_id)

    def _arguments(self, operation: Operation, context: Context) -> dict[str, Any]:
        return {
            "context_value": context,
            "operation_name": operation.name,
            "is_awaitable": optimized_is_awaitable,
            "hide_suggestions": context.viewer is None and not self._open_to_strangers,
        }


def _misplaced(request_id: str) -> Reply:
    error = GraphQLError(
        "Subscriptions are served as Server-Sent Events (accept text/event-stream), and over WebSockets by the "
        "protocol graphql-transport-ws."
    )
    return refusal([error], request_id, code=ErrorCode.BAD_REQUEST)


def _require_affordable(points: Points, allowance: Allowance) -> None:
    """Raises InvalidDocument for what costs more than there ever is."""
    if points.cost > allowance.most_at_once:
        most = f"most of them by {named(points.heaviest)}; at most {allowance.most_at_once} can be spent at once"
        message = (
            f"The call costs {points.cost} points, {most}. Ask for smaller pages, or for fewer fields with a @cost."
        )
        error = GraphQLError(message, end_of(points.heaviest))
        raise InvalidDocument([error], code=ErrorCode.DOCUMENT_TOO_LARGE)
