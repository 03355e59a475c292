"""Executes operations: the one way in, for HTTP, WebSockets and anything else that runs GraphQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationType,
    execute,
    get_operation_ast,
    subscribe,
)
from strawberry.execution import optimized_is_awaitable

from graphql_schema.budget import check_budget
from graphql_schema.context import Context
from graphql_schema.documents import Audience, Documents, InvalidDocument
from graphql_schema.errors import formatted
from graphql_schema.executor import ShortcutExecutor
from graphql_schema.limits import Limits

DEADLINE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks to have executed."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One response. `executed` is False where the request itself was at fault: then there is no `data`."""

    payload: dict[str, Any]
    executed: bool


class Executor:
    """Executes operations on one schema, within the limits and a deadline.

    With `open_to_strangers` False, callers who are not signed in can neither introspect the schema nor are they
    given suggestions of names.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        open_to_strangers: bool,
        limits: Limits | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        # strawberry has no public name for the executable schema; its own extensions reach for this one.
        self._schema = schema._schema
        self._limits = limits or Limits()
        self._documents = Documents(self._schema, self._limits)
        self._open_to_strangers = open_to_strangers
        self._deadline = deadline

    async def execute(self, operation: Operation, context: Context) -> Reply:
        """The reply to a query or mutation; a subscription is refused."""
        try:
            document = self._prepare(operation, context)
        except InvalidDocument as error:
            return _refusal(error.errors, context, code=error.code)
        if _is_subscription(document, operation):
            misplaced = GraphQLError(
                "Subscriptions are served as Server-Sent Events (accept text/event-stream), and over WebSockets by the "
                "protocol graphql-transport-ws."
            )
            return _refusal([misplaced], context, code="BAD_REQUEST")
        return await self._execute(document, operation, context)

    async def stream(self, operation: Operation, context: Context) -> AsyncGenerator[Reply, None]:
        """The replies to any operation: those of a subscription as they come, of anything else the one."""
        try:
            document = self._prepare(operation, context)
        except InvalidDocument as error:
            yield _refusal(error.errors, context, code=error.code)
            return
        if not _is_subscription(document, operation):
            yield await self._execute(document, operation, context)
            return
        async with aclosing(self._subscribe(document, operation, context)) as replies:
            async for reply in replies:
                yield reply

    def _prepare(self, operation: Operation, context: Context) -> DocumentNode:
        signed_in = context.viewer is not None
        audience = Audience(signed_in=signed_in, may_introspect=signed_in or self._open_to_strangers)
        document = self._documents.read(operation.query, audience)
        errors = check_budget(
            self._schema,
            document,
            operation_name=operation.name,
            variables=operation.variables,
            most=self._limits.nodes,
        )
        if errors:
            raise InvalidDocument(errors, code="BAD_USER_INPUT")
        return document

    async def _execute(self, document: DocumentNode, operation: Operation, context: Context) -> Reply:
        try:
            async with asyncio.timeout(self._deadline):
                result = execute(self._schema, document, **self._arguments(operation, context))
                return _reply(await result if isawaitable(result) else result, context)
        except TimeoutError:
            return self._too_late(context)

    async def _subscribe(
        self, document: DocumentNode, operation: Operation, context: Context
    ) -> AsyncGenerator[Reply, None]:
        try:
            async with asyncio.timeout(self._deadline):
                source = subscribe(self._schema, document, **self._arguments(operation, context))
                source = await source if isawaitable(source) else source
        except TimeoutError:
            yield self._too_late(context)
            return
        if isinstance(source, ExecutionResult):
            yield _refusal(source.errors or [], context)
            return
        results = cast("AsyncGenerator[ExecutionResult, None]", source)
        try:
            async with aclosing(results):
                async for result in results:
                    yield _reply(result, context)
        except Exception as error:  # the source broke: the stream ends with the reason
            yield _refusal([GraphQLError(str(error), original_error=error)], context)

    def _arguments(self, operation: Operation, context: Context) -> dict[str, Any]:
        return {
            "context_value": context,
            "variable_values": dict(operation.variables),
            "operation_name": operation.name,
            "is_awaitable": optimized_is_awaitable,
            "executor_class": ShortcutExecutor,
            "hide_suggestions": context.viewer is None and not self._open_to_strangers,
        }

    def _too_late(self, context: Context) -> Reply:
        error = GraphQLError(f"The operation took longer than {self._deadline:g} s and was given up. Ask for less.")
        payload = {"errors": [formatted(error, request_id=context.request_id, code="DEADLINE_EXCEEDED")], "data": None}
        return Reply(payload=payload, executed=True)


def _is_subscription(document: DocumentNode, operation: Operation) -> bool:
    definition = get_operation_ast(document, operation.name)
    return definition is not None and definition.operation is OperationType.SUBSCRIPTION


def _reply(result: ExecutionResult, context: Context) -> Reply:
    """An error without a path arose before any field was resolved: the request was at fault."""
    errors = result.errors or []
    if result.data is None and not any(error.path for error in errors):
        return _refusal(errors, context)
    payload: dict[str, Any] = {"data": result.data}
    if errors:
        payload["errors"] = [formatted(error, request_id=context.request_id) for error in errors]
    return Reply(payload=payload, executed=True)


def _refusal(errors: list[GraphQLError], context: Context, *, code: str = "BAD_USER_INPUT") -> Reply:
    payload = {"errors": [formatted(error, request_id=context.request_id, code=code) for error in errors]}
    return Reply(payload=payload, executed=False)
