"""What a resolver may use: built for each operation, on a WebSocket too, so that nothing in it goes stale."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import strawberry

from api.authorization.models import Principal
from api.errors import Unauthenticated
from graphql_schema.allowances import Charge
from graphql_schema.loaders import Loaders
from graphql_schema.observer import Observation, Unobserved
from graphql_schema.pending import Pending
from graphql_schema.services import Services

Outlet: TypeAlias = Callable[[bytes], bool]
"""Sends a reply, which is JSON, at once; False, with nothing done, where the client has to be waited for."""


class Passing(Protocol):
    """Passes a subscriber by: sends what was made of an event already, for others."""

    def __call__(self, event: Any, *, changed_at: float | None) -> bool:
        """Whether it was sent. It is so only while the subscriber has been sent everything before it.

        `changed_at` is when, by `time.monotonic`, the news arrived; None where none came from the cluster.
        """


class Context:
    """One operation's context. `viewer` is None where nobody is signed in, `transport` is how the reply travels."""

    observation: Observation = Unobserved()
    """What is taken down of the operation."""
    passing: Passing | None = None
    """How the source of a subscription's events may tell its subscriber of one without a turn of their task; None where
    it may not."""

    def __init__(
        self,
        *,
        services: Services,
        viewer: Principal | None,
        request_id: str,
        transport: str = "http",
        outlet: Outlet | None = None,
    ) -> None:
        self.services = services
        self.viewer = viewer
        self.request_id = request_id
        self.transport = transport
        self.outlet = outlet
        """How replies are sent without a turn of the subscriber's task, where the transport can do that."""
        self.charge: Charge | None = None
        """What the operation was charged; None where nobody is signed in, who is not counted."""

    @cached_property
    def pending(self) -> Pending:
        """The operation's resolvers that are awaited."""
        return Pending()

    def require_viewer(self) -> None:
        """Raises Unauthenticated where nobody is signed in: for what needs no right but that."""
        _ = self.principal

    @property
    def principal(self) -> Principal:
        """Who asks; raises Unauthenticated where nobody is signed in."""
        if self.viewer is None:
            raise Unauthenticated("Sign in first: POST /auth/login, or send an API token as `Authorization: Bearer …`.")
        return self.viewer

    @cached_property
    def loaders(self) -> Loaders:
        """The operation's loaders; raises Unauthenticated where nobody is signed in."""
        return Loaders(self.services, self.principal, self.pending)


Info: TypeAlias = strawberry.Info[Context, None]
