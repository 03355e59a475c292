"""A graph to be refused: lists in lists, fields that cost, streams; it tells what of it was resolved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import cast
from uuid import NAMESPACE_URL, uuid4, uuid5

import strawberry
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from api.authorization.models import Principal, Role
from api.http.requests import BodyLimit
from graphql_schema.allowances import Allowances
from graphql_schema.connections import Connection, First, Last, page_size
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.execution import Executor
from graphql_schema.rate_limit_queries import RateLimitQueries
from graphql_schema.services import Services
from graphql_schema.transport.backend import Backend, ConnectionLimits
from graphql_schema.transport.http import HTTPEndpoint
from graphql_schema.transport.websocket import WebSocketEndpoint
from tests.graphql_schema.serving import served


@dataclass(slots=True)
class Log:
    """Stands where services do: resolvers write here that they ran."""

    ran: list[str] = field(default_factory=list)


def note(info: Info, what: str) -> None:
    cast("Log", info.context.services).ran.append(what)


@strawberry.type
class Berth:
    name: str = "north"

    @strawberry.field
    def berth(self) -> Berth:
        return Berth()

    @strawberry.field
    def berths(self, first: First = None, last: Last = None) -> Connection[Berth]:
        page_size("berths", first, last)
        return Connection.empty()

    @strawberry.field(directives=[Cost(weight="1")])
    def one(self) -> int:
        return 1

    @strawberry.field(directives=[Cost(weight="100")])
    def hundred(self) -> int:
        return 100


@strawberry.type
class Query(RateLimitQueries):
    @strawberry.field
    def berth(self, info: Info) -> Berth:
        note(info, "berth")
        return Berth()

    @strawberry.field
    def berths(self, info: Info, first: First = None, last: Last = None) -> Connection[Berth]:
        note(info, "berths")
        page_size("berths", first, last)
        return Connection.empty()

    @strawberry.field
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Berth]:
        note(info, "nodes")
        return []

    @strawberry.field
    def echo(self, info: Info, value: strawberry.scalars.JSON) -> bool:
        note(info, "echo")
        return value is not None


@strawberry.type
class Subscription:
    @strawberry.subscription(directives=[Cost(weight="5")])
    async def moored(self, info: Info, times: int = 1) -> AsyncGenerator[Berth, None]:
        note(info, "moored")
        for _ in range(times):
            yield Berth()
        await asyncio.Event().wait()


class Everybody:
    """Each bearer is a token of a user of that name; what follows a slash tells tokens of one user apart."""

    async def of_request(self, request: Request) -> Principal | None:
        return self._by_token(request.headers.get("authorization", "").removeprefix("Bearer "))

    async def of_socket(self, socket: WebSocket, bearer: str | None) -> Principal | None:
        return self._by_token(bearer or "")

    async def still_valid(self, principal: Principal) -> bool:
        return True

    tells_of_changes = False

    def following(self, principal: Principal, told: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()

    def _by_token(self, token: str) -> Principal | None:
        if not token:
            return None
        name = token.partition("/")[0]
        return Principal(
            user_id=uuid5(NAMESPACE_URL, name),
            email=f"{name}@example.com",
            role=Role.MEMBER,
            scopes=frozenset(),
            token_id=uuid5(NAMESPACE_URL, token),
        )


def harbour(log: Log, *, allowances: Allowances | None = None, limits: ConnectionLimits | None = None) -> ASGIApp:
    """The graph behind the transports and what limits bodies, each with the limits that it has by itself."""
    schema = strawberry.Schema(query=Query, subscription=Subscription)
    executor = Executor(schema, open_to_strangers=True, allowances=allowances)
    backend = Backend.of(executor, cast("Services", log), Everybody(), limits=limits)
    http, websocket = BodyLimit(HTTPEndpoint(backend)), WebSocketEndpoint(backend)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1"
        await (http if scope["type"] == "http" else websocket)(scope, receive, send)

    return dispatch


def served_harbour(
    log: Log, *, allowances: Allowances | None = None, limits: ConnectionLimits | None = None
) -> AbstractAsyncContextManager[str]:
    """The same, under the yielded host:port."""
    return served(harbour(log, allowances=allowances, limits=limits))


def anybody() -> str:
    """A token of somebody who has spent nothing yet."""
    return uuid4().hex
