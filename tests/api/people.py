"""Signed-in people, for tests of the services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.authorization.models import Principal

SignUp = Callable[..., Awaitable[Principal]]
"""Makes a user of that name and gives the principal that they would have when signed in."""


@dataclass
class SignedIn:
    """Whether sessions are good, as the streams ask."""

    value: bool = True

    async def __call__(self, principal: Principal) -> bool:
        return self.value
