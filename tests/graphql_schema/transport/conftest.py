"""A small graph behind the real transport: what is tested here is the transport's promise, whatever it carries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

import pytest
import strawberry
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.tools import merge_types

from api.authorization.models import Principal, Role
from api.authorization.models import Scope as TokenScope
from api.errors import Forbidden, InvalidInput, Unauthenticated
from graphql_schema.execution import Executor
from graphql_schema.services import Services
from graphql_schema.transport.backend import Backend, ConnectionLimits
from graphql_schema.transport.http import HTTPEndpoint
from graphql_schema.transport.websocket import WebSocketEndpoint
from tests.graphql_schema.serving import served

ADA = Principal(
    user_id=uuid4(), email="ada@example.com", role=Role.MEMBER, scopes=frozenset({TokenScope.READ, TokenScope.WRITE})
)


@dataclass
class Signals:
    """What the small graph tells the test."""

    started: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    proceed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the test: what waits for it goes on."""
    told: int = 0
    """How many values `flood` has given, and `passed` without its outlet."""
    passed: int = 0
    """How many the outlet took of `passed`."""


@dataclass
class SignedIn:
    """Who is signed in, by scripted answers: the real credentials are tested where they are."""

    tokens: dict[str, Principal] = field(default_factory=lambda: {"ada": ADA})

    async def of_request(self, request: Request) -> Principal | None:
        return self._by_token(request.headers.get("authorization", "").removeprefix("Bearer ") or None)

    async def of_socket(self, socket: WebSocket, bearer: str | None) -> Principal | None:
        if socket.headers.get("origin") == "https://evil.example":
            raise Forbidden("This origin may not open a socket.")
        return self._by_token(bearer)

    async def still_valid(self, principal: Principal) -> bool:
        return principal in self.tokens.values()

    @property
    def tells_of_changes(self) -> bool:
        return False

    def following(self, principal: Principal, told: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()

    def _by_token(self, token: str | None) -> Principal | None:
        if token is not None and token not in self.tokens:
            raise Unauthenticated("The token is not valid.")
        return self.tokens[token] if token else None


def small_schema(signals: Signals) -> strawberry.Schema:
    """A graph with one field for each thing that a transport has to carry."""
    return strawberry.Schema(
        query=_query(signals),
        mutation=_mutation(signals),
        subscription=merge_types("Subscription", (_streams(signals), _odd_streams(signals), _passed_stream(signals))),
    )


def _query(signals: Signals) -> type:
    @strawberry.type
    class Query:
        @strawberry.field
        def hello(self) -> str:
            return "world"

        @strawberry.field
        def who(self, info: strawberry.Info) -> str | None:
            viewer: Principal | None = info.context.viewer
            return viewer.email if viewer else None

        @strawberry.field
        def repeat(self, text: str) -> str:
            return text

        @strawberry.field
        def bug(self) -> str | None:
            raise RuntimeError("the password is hunter2")

        @strawberry.field
        def refused(self) -> str | None:
            raise InvalidInput("That will not do.", path=("text",))

        @strawberry.field
        async def endless(self) -> str | None:
            signals.started.set()
            try:
                await asyncio.Event().wait()
            finally:
                signals.cancelled.set()
            return None

        @strawberry.field
        async def patient(self) -> str:
            signals.started.set()
            await signals.proceed.wait()
            return "done"

    return Query


def _mutation(signals: Signals) -> type:
    @strawberry.type
    class Mutation:
        @strawberry.mutation
        async def write(self, text: str) -> str:
            signals.started.set()
            return text

    return Mutation


def _streams(signals: Signals) -> type:
    @strawberry.type
    class Streams:
        @strawberry.subscription
        async def count(self, to: int) -> AsyncGenerator[int, None]:
            for number in range(to):
                yield number

        @strawberry.subscription
        async def forever(self) -> AsyncGenerator[int, None]:
            signals.started.set()
            try:
                yield 0
                await asyncio.Event().wait()
            finally:
                signals.cancelled.set()

        @strawberry.subscription
        async def broken(self) -> AsyncGenerator[int, None]:
            yield 0
            raise RuntimeError("the password is hunter2")

    return Streams


def _odd_streams(signals: Signals) -> type:
    @strawberry.type
    class OddStreams:
        @strawberry.subscription
        async def flawed(self) -> AsyncGenerator[int, None]:
            for number in (0, "one", 2):
                yield number  # type: ignore[misc]  # what a resolver gives by mistake

        @strawberry.subscription
        async def silent(self) -> AsyncGenerator[int, None]:
            signals.started.set()
            try:
                await signals.proceed.wait()
                yield 0
            finally:
                signals.cancelled.set()

        @strawberry.subscription
        async def flood(self) -> AsyncGenerator[str, None]:
            try:
                while True:
                    signals.told += 1
                    yield "x" * 10_000
            finally:
                signals.cancelled.set()

    return OddStreams


def _passed_stream(signals: Signals) -> type:
    @strawberry.type
    class PassedStream:
        @strawberry.subscription
        async def passed(self, info: strawberry.Info, to: int, size: int) -> AsyncGenerator[str, None]:
            """Numbers with so many characters after them, by the outlet where that takes them."""
            try:
                for number in range(to):
                    text = f"{number}:".ljust(size, "x")
                    if info.context.outlet(json.dumps({"data": {"passed": text}}).encode()):
                        signals.passed += 1
                    else:
                        yield text
                        signals.told += 1
            finally:
                signals.cancelled.set()

    return PassedStream


@pytest.fixture
def signals() -> Signals:
    return Signals()


@pytest.fixture
def signed_in() -> SignedIn:
    return SignedIn()


@pytest.fixture
def executor(signals: Signals) -> Executor:
    return Executor(small_schema(signals), open_to_strangers=True, deadline=0.2)


@pytest.fixture
def stopping() -> asyncio.Event:
    """Set where the server is told to stop."""
    return asyncio.Event()


NO_SERVICES = cast("Services", None)  # the small graph asks none


@pytest.fixture
def app(executor: Executor, signed_in: SignedIn, stopping: asyncio.Event) -> ASGIApp:
    limits = ConnectionLimits(
        init_wait=0.2,
        operations=3,
        recheck=0.05,
        connections_per_user=2,
        operations_per_user=3,
        heartbeat=0.2,
        send_wait=1.0,
        last_reply_wait=1.0,
    )
    backend = Backend.of(executor, NO_SERVICES, signed_in, limits=limits, stopping=stopping)
    http, websocket = HTTPEndpoint(backend), WebSocketEndpoint(backend)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1"
        await (http if scope["type"] == "http" else websocket)(scope, receive, send)

    return dispatch


@pytest.fixture
async def address(app: ASGIApp) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address
