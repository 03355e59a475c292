"""What a resolver may use: built for each operation, on a WebSocket too, so that nothing in it goes stale."""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias

import strawberry

from api.authorization.models import Principal
from api.errors import Unauthenticated
from graphql_schema.allowances import Charge
from graphql_schema.loaders import Loaders
from graphql_schema.observer import Observation, Unobserved
from graphql_schema.pending import Pending
from graphql_schema.services import Services


class Context:
    """One operation's context. `viewer` is None where nobody is signed in, `transport` is how the reply travels."""

    observation: Observation = Unobserved()
    """What is taken down of the operation."""

    def __init__(
        self, *, services: Services, viewer: Principal | None, request_id: str, transport: str = "http"
    ) -> None:
        self.services = services
        self.viewer = viewer
        self.request_id = request_id
        self.transport = transport
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
