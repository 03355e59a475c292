"""The queries of webhooks: checked when they are written down, and executed for each delivery.

A document is executed as its webhook's maker by the same executor as any other, so that limits and rights are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from graphql import OperationDefinitionNode, OperationType

from api.authorization.models import Principal
from api.error_codes import ErrorCode
from api.errors import ExpectedFailure, InvalidInput, InvalidInputs, Unavailable
from api.webhooks.models import Delivery, Occurrence, Webhook
from graphql_schema.context import Context
from graphql_schema.documents import InvalidDocument
from graphql_schema.errors import formatted
from graphql_schema.execution import Executor, Operation
from graphql_schema.nodes import encode_id
from graphql_schema.services import Services

FILLED: Mapping[str, Any] = {
    "namespace": "namespace",
    "workload": "app",
    "workloadId": "id",
    "revision": 1,
}
"""The variables that the event gives where the query declares them, each with a value of its type."""
_EXAMPLE = """query ($namespace: String!, $workload: String!) {
  workload(namespace: $namespace, name: $workload) { name status { phase message } }
}"""
_NAMED = re.compile(r"Variable '\$(?P<name>\w+)'")
"""How graphql-core begins what it says of a variable's value."""
_PASSING = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.RATE_LIMITED})
"""Codes of what a later try may find gone: a payload without its data serves nobody."""


class WebhookDocuments:
    """Checks what somebody wants to have executed at each delivery."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def check(self, query: str, variables: Mapping[str, Any]) -> None:
        """Raises InvalidInputs, on paths `query` and `variables`, unless it is one query within the limits, and what
        its variables need is there. Nothing is executed."""
        try:
            definition = self._executor.check(Operation(query, {**FILLED, **variables}))
        except InvalidDocument as error:
            messages = [formatted(each, request_id="webhook", code=error.code)["message"] for each in error.errors]
            raise InvalidInputs(
                [_failure(each, is_valid=error.code == ErrorCode.BAD_USER_INPUT) for each in messages]
            ) from error
        if failures := list(_failures(definition, variables)):
            raise InvalidInputs(failures)


def _failure(message: str, *, is_valid: bool) -> InvalidInput:
    """On the field that its author has to change: a value of a document that is valid in itself, else the document."""
    named = _NAMED.match(message)
    is_value = is_valid and named is not None and named["name"] not in FILLED
    return InvalidInput(message, path=("variables",)) if is_value else InvalidInput(message, path=("query",))


def _failures(definition: OperationDefinitionNode, variables: Mapping[str, Any]) -> Iterator[ExpectedFailure]:
    if definition.operation is not OperationType.QUERY:
        message = f"A webhook's payload is a query, and this is a {definition.operation.value}."
        yield InvalidInput(message, path=("query",), example=_EXAMPLE)
    declared = {each.variable.name.value for each in definition.variable_definitions or ()}
    for name in sorted(variables):
        if name in FILLED:
            yield InvalidInput(f"${name} is filled in by the event. Leave it out.", path=("variables",))
        elif name not in declared:
            yield InvalidInput(f"The query declares no variable ${name}.", path=("variables",))


class WebhookPayloads:
    """Makes the bodies of deliveries: the response of the query, with the event beside `data`."""

    def __init__(self, executor: Executor, services: Services) -> None:
        self._executor = executor
        self._services = services

    async def of(self, principal: Principal, webhook: Webhook, delivery: Delivery, *, slug: str) -> bytes:
        """The JSON text of a delivery, as the principal sees the graph at this moment. Raises Unavailable where that
        cannot be told just now."""
        occurrence = delivery.occurrence
        variables = {**webhook.variables, **_filled(occurrence, slug)}
        context = Context(services=self._services, viewer=principal, request_id=f"webhook-{delivery.id}")
        reply = await self._executor.execute(Operation(webhook.query, variables), context)
        _require_settled(reply.payload)
        return msgspec.json.encode(
            {
                "type": occurrence.event.name,
                "timestamp": occurrence.at,
                "event": _described(occurrence, slug),
                **reply.payload,
            }
        )


def _filled(occurrence: Occurrence, slug: str) -> dict[str, Any]:
    return {
        "namespace": slug,
        "workload": occurrence.app,
        "workloadId": encode_id("Workload", occurrence.workload_id) if occurrence.workload_id else None,
        "revision": occurrence.revision,
    }


def _described(occurrence: Occurrence, slug: str) -> dict[str, Any]:
    """The event itself, as it was: it is told the same however late it is delivered."""
    return {
        **_filled(occurrence, slug),
        "phase": occurrence.phase.name if occurrence.phase else None,
        "previousPhase": occurrence.previous_phase.name if occurrence.previous_phase else None,
        "message": occurrence.message,
    }


def _require_settled(payload: Mapping[str, Any]) -> None:
    for error in payload.get("errors", ()):
        if error["extensions"]["code"] in _PASSING:
            raise Unavailable(error["message"], part="graph")
