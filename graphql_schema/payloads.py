"""The shape of every mutation: what it did, or in the payload's `errors` why it did nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from api.errors import ExpectedFailure, NotFound
from graphql_schema.errors import user_errors

Arguments = ParamSpec("Arguments")
Payload = TypeVar("Payload")


def answers_with(
    payload: Callable[..., Payload], *, absent: str | None = None
) -> Callable[[Callable[Arguments, Awaitable[Payload]]], Callable[Arguments, Coroutine[Any, Any, Payload]]]:
    """Lets a mutation raise what is expected to fail, and answer it as `payload(errors=…)`.

    `absent` is the input field that names the object, where a service may say that there is none (NotFound).
    """
    expected = (ExpectedFailure,) if absent is None else (ExpectedFailure, NotFound)

    def decorated(
        mutation: Callable[Arguments, Awaitable[Payload]],
    ) -> Callable[Arguments, Coroutine[Any, Any, Payload]]:
        @wraps(mutation)
        async def answered(*arguments: Arguments.args, **named: Arguments.kwargs) -> Payload:
            try:
                return await mutation(*arguments, **named)
            except expected as failure:
                return payload(errors=user_errors(failure, absent=absent or ""))

        return answered

    return decorated
