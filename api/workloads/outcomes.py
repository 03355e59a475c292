"""Counting how plans and changes of apps end, whichever way they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from api.monitoring.changes import Changes


class _Counting(Protocol):
    outcomes: Changes


S = TypeVar("S", bound=_Counting)
P = ParamSpec("P")
R = TypeVar("R")

Method = Callable[Concatenate[S, P], Coroutine[Any, Any, R]]


def counted(change: str) -> Callable[[Method[S, P, R]], Method[S, P, R]]:
    """A method whose calls are counted as `change`, by the `outcomes` of its object."""

    def decorate(method: Method[S, P, R]) -> Method[S, P, R]:
        @wraps(method)
        async def counting(self: S, /, *arguments: P.args, **named: P.kwargs) -> R:
            with self.outcomes.of(change):
                return await method(self, *arguments, **named)

        return counting

    return decorate
