"""What the tests of signing in stand on: the service on a real database, and a browser that talks to its routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.authentication.cookies import CSRF_COOKIE, CSRF_HEADER
from api.authentication.passwords import Passwords
from api.authentication.registration import Registration
from api.authentication.requests import RequestAuthenticator
from api.authentication.routes import router
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal
from api.database.database import Database

ORIGIN = "https://moorage.test"
PASSWORD = "harbour-cedar-violin"
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
PATIENCE = 10.0


@pytest.fixture(scope="session")
def passwords() -> Iterator[Passwords]:
    """Passwords by argon2id, at the least of memory: what it costs is tested where it is the promise."""
    with Passwords.open(memory_kib=64, passes=1) as passwords:
        yield passwords


@pytest.fixture
def service(database: Database, passwords: Passwords) -> AuthenticationService:
    return AuthenticationService(database, passwords)


@pytest.fixture
async def ada(service: AuthenticationService) -> Principal:
    """A member, signed in by session."""
    return await sign_up(service, "ada@example.com")


@pytest.fixture
async def grace(service: AuthenticationService) -> Principal:
    """Another member."""
    return await sign_up(service, "grace@example.com")


@pytest.fixture
async def administrator(service: AuthenticationService) -> Principal:
    return await sign_up(service, "root@example.com", admin_token=await service.ensure_administrator_token())


async def sign_up(service: AuthenticationService, email: str, *, admin_token: str | None = None) -> Principal:
    signed_in = await service.register(registration(email, admin_token=admin_token), address=HERE)
    principal = await service.authenticate(session_secret=signed_in.session_secret)
    assert principal is not None
    return principal


async def caught_up(database: Database) -> None:
    """Wait until what was committed by now has been told to `database`."""
    async with asyncio.timeout(PATIENCE):
        await database.notifications.caught_up()


def registration(email: str = "ada@example.com", *, admin_token: str | None = None) -> Registration:
    return Registration(email=email, password=PASSWORD, display_name="Ada", admin_token=admin_token)


@pytest.fixture
def app(service: AuthenticationService) -> FastAPI:
    """An application of the authentication routes alone."""
    app = FastAPI()
    app.include_router(router(service, RequestAuthenticator(service, origins=frozenset({ORIGIN}))))
    return app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """A browser on a page of ours: it keeps cookies, and sends its Origin."""
    transport = httpx.ASGITransport(app, client=(HERE, 40000))
    async with Browser(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}) as browser:
        yield browser


class Browser(httpx.AsyncClient):
    """What the pages of ours send."""

    async def register(self, email: str = "ada@example.com", **fields: str) -> httpx.Response:
        body = {"email": email, "password": PASSWORD, "displayName": "Ada"} | fields
        return await self.post("/auth/register", json=body)

    async def log_in(self, email: str = "ada@example.com", password: str = PASSWORD) -> httpx.Response:
        return await self.post("/auth/login", json={"email": email, "password": password})

    async def log_out(self) -> httpx.Response:
        return await self.post("/auth/logout", json={}, headers={CSRF_HEADER: self.cookies.get(CSRF_COOKIE) or ""})

    async def user(self) -> dict[str, str] | None:
        """Who the server takes this browser for."""
        user: dict[str, str] | None = (await self.get("/auth/session")).json()["user"]
        return user
