"""The shape of every mutation: what it did, or in the payload's `errors` why it did nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from api.errors import ExpectedFailure, NotFound
from graphql_schema.errors import user_errors

Arguments = ParamSpec("Arguments")
Payload = TypeVar("Payload")

Mutation: TypeAlias = Callable[Arguments, Awaitable[Payload | None]]
Answered: TypeAlias = Callable[Arguments, Coroutine[Any, Any, Payload | None]]


def answers_with(
    payload: Callable[..., Payload], *, absent: str | None = None
) -> Callable[[Mutation[Arguments, Payload]], Answered[Arguments, Payload]]:
    """Lets a mutation raise what is expected to fail, and answer it as `payload(errors=…)`.

    Payloads are nullable in the graph: what fails otherwise does not take away the answers of the mutations beside it.

    `absent` is the input field that names the object, where a service may say that there is none (NotFound).
    """
    expected = (ExpectedFailure,) if absent is None else (ExpectedFailure, NotFound)

    def decorated(mutation: Mutation[Arguments, Payload]) -> Answered[Arguments, Payload]:
        @wraps(mutation)
        async def answered(*arguments: Arguments.args, **named: Arguments.kwargs) -> Payload | None:
            try:
                return await mutation(*arguments, **named)
            except expected as failure:
                return payload(errors=user_errors(failure, absent=absent or ""))

        return answered

    return decorated
