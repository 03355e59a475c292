"""A client of Moorage's own HTTP interface, signed in as its first administrator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgspec

PASSWORD = "harbour-cedar-violin"


class Client:
    """Sends GraphQL operations with a session's cookie, set by hand: `__Host-` cookies are kept over TLS alone."""

    def __init__(self, origin: str, session: aiohttp.ClientSession) -> None:
        self._origin = origin
        self._session = session
        self._headers = {"Origin": origin, "Content-Type": "application/json"}

    @classmethod
    @asynccontextmanager
    async def registered(cls, link: str) -> AsyncIterator[Client]:
        """A client that has followed the link which `moorage up` prints."""
        parts = urlsplit(link)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            client = cls(f"{parts.scheme}://{parts.netloc}", session)
            await client._register(parse_qs(parts.query)["token"][0])
            yield client

    async def _register(self, token: str) -> None:
        who = {"email": "ada@example.com", "displayName": "Ada", "password": PASSWORD, "adminToken": token}
        body = msgspec.json.encode(who)
        async with self._session.post(f"{self._origin}/auth/register", data=body, headers=self._headers) as answer:
            answer.raise_for_status()
            cookies = [SimpleCookie(line) for line in answer.headers.getall("Set-Cookie")]
        values = {name: morsel.value for cookie in cookies for name, morsel in cookie.items()}
        self._headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in values.items())
        self._headers["X-CSRF-Token"] = values["__Host-moorage-csrf"]

    @property
    def sent_headers(self) -> dict[str, str]:
        """What goes with each request, but its content type."""
        return {name: value for name, value in self._headers.items() if name != "Content-Type"}

    async def send(self, query: str, **variables: Any) -> bytes:
        """The body of the answer, as it came."""
        body = msgspec.json.encode({"query": query, "variables": variables})
        async with self._session.post(f"{self._origin}/graphql", data=body, headers=self._headers) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def data(self, query: str, **variables: Any) -> Mapping[str, Any]:
        """The `data` of an answer without errors."""
        answer = msgspec.json.decode(await self.send(query, **variables))
        assert "errors" not in answer, answer["errors"]
        data: Mapping[str, Any] = answer["data"]
        return data
