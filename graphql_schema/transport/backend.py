"""What every connection that carries streams shares, WebSockets and event streams alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from starlette.requests import Request
from starlette.websockets import WebSocket

from api.authorization import vigils
from api.authorization.models import Principal
from api.authorization.vigils import RECHECK_SECONDS, Vigils
from api.turns import Turns
from graphql_schema.execution import Executor
from graphql_schema.services import Services
from graphql_schema.transport.rate import Holdings


class Credentials(vigils.Credentials, Protocol):
    """Who is at the other end, and whether they go on to be."""

    async def of_request(self, request: Request) -> Principal | None:
        """Who sends a request; None for nobody.

        Raises Unauthenticated or Forbidden for a credential that does not do.
        """

    async def of_socket(self, socket: WebSocket, bearer: str | None) -> Principal | None:
        """By the handshake, or by the bearer token of `connection_init`; None for nobody.

        Raises Unauthenticated or Forbidden for a credential that does not do.
        """


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection, and all those of one user together, may do. Times are in seconds."""

    init_wait: float = 5.0
    message_bytes: int = 64 * 1024
    operations: int = 50
    messages_per_second: int = 30
    messages_at_once: int = 81
    """Room for whoever comes back with all of their operations: the init, 50 of them, and 30 others."""
    connections_per_user: int = 20
    operations_per_user: int = 100
    recheck: float = RECHECK_SECONDS
    """How often it is asked whether the viewer is still signed in, where nobody would tell."""
    heartbeat: float = 12.0
    """How long an event stream is silent at most: proxies take one that says nothing for a minute or so to be dead."""
    send_wait: float = 30.0
    """How long a client may take nothing of what it is sent before it is given up."""
    last_reply_wait: float = 5.0
    """How long the first reply of an event stream is waited for once the server stops."""


_CLOSED_AT_ONCE = 100
"""Sockets: to close one takes some 30 µs."""


@dataclass(frozen=True, slots=True)
class Backend:
    """What all connections of a server share. `stopping` is set once the server is told to stop."""

    executor: Executor
    services: Services
    credentials: Credentials
    limits: ConnectionLimits
    connections: Holdings
    operations: Holdings
    stopping: asyncio.Event
    vigils: Vigils
    closing: Turns
    """Of sockets that have gone: a network takes thousands away at once."""

    @classmethod
    def of(
        cls,
        executor: Executor,
        services: Services,
        credentials: Credentials,
        *,
        limits: ConnectionLimits | None = None,
        stopping: asyncio.Event | None = None,
    ) -> Backend:
        """One that nobody holds anything of yet."""
        limits = limits or ConnectionLimits()
        return cls(
            executor=executor,
            services=services,
            credentials=credentials,
            limits=limits,
            connections=Holdings(limits.connections_per_user),
            operations=Holdings(limits.operations_per_user),
            stopping=stopping or asyncio.Event(),
            vigils=Vigils.relying_on(credentials, recheck=limits.recheck),
            closing=Turns(at_once=_CLOSED_AT_ONCE),
        )

    @contextmanager
    def one_stream(self, user_id: UUID | None) -> Iterator[bool]:
        """Hold a connection and its one operation until the block is left; False where one of them is too many."""
        with self.connections.one(user_id) as connection, self.operations.one(user_id) as operation:
            yield connection and operation

    def until_signed_out(self, viewer: Principal | None, told: Callable[[], None]) -> AbstractContextManager[object]:
        """Have `told` called once `viewer` has the credential no longer that they came by; for nobody, never."""
        return nullcontext() if viewer is None else self.vigils.over(viewer, told)
