"""A browser before the whole application, as far as signing in and asking go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PASSWORD = "harbour-cedar-violin-tuesday"
ORIGIN = "http://localhost:8080"


@dataclass
class Browser:
    """Keeps cookies as a browser does on loopback, and says where its page comes from."""

    client: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        response = await self.client.post(path, json=body, headers=self.headers | headers)
        for cookie in response.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return response

    async def viewer(self, **headers: str) -> httpx.Response:
        return await self.post("/graphql", {"query": "{ viewer { displayName } }"}, **headers)

    async def register(self) -> str:
        name = f"ada-{uuid4().hex[:8]}"
        body = {"email": f"{name}@example.com", "password": PASSWORD, "displayName": name}
        assert 201 == (await self.post("/auth/register", body)).status_code
        return name

    @property
    def headers(self) -> dict[str, str]:
        token = self.cookies.get("__Host-moorage-csrf", "")
        return {"origin": ORIGIN, "cookie": self.cookie, "x-csrf-token": token}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
