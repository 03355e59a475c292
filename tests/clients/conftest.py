"""Moorage as third parties meet it: an address, a token, and the schema that it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.moorage_process import moorage_up

PASSWORD = "harbour-cedar-violin-tuesday"
TOKEN = 'mutation { createApiToken(input: {name: "client", scopes: [READ, WRITE]}) { secret } }'


@dataclass(frozen=True, slots=True)
class Installation:
    """A running server, and a token of somebody there."""

    address: str
    token: str

    def schema(self) -> str:
        """The published schema."""
        headers = {"authorization": f"Bearer {self.token}"}
        response = httpx.get(f"{self.address}/graphql/schema.graphql", headers=headers).raise_for_status()
        return response.text


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """In production, where strangers are not told the schema."""
    with moorage_up(tmp_path_factory.mktemp("moorage"), MOORAGE_ENVIRONMENT="production") as link:
        url = urlsplit(link)
        address = f"{url.scheme}://{url.netloc}"
        yield Installation(address, _token(address, parse_qs(url.query)["token"][0]))


def _token(address: str, administrator_token: str) -> str:
    """An API token of whoever registers first."""
    ada = {"email": "ada@example.com", "password": PASSWORD, "displayName": "Ada"}
    with httpx.Client(base_url=address, headers={"origin": address}, timeout=60) as browser:
        registered = browser.post("/auth/register", json={**ada, "adminToken": administrator_token})
        registered.raise_for_status()
        cookies = {name: value.strip('"') for name, value in registered.cookies.items()}
        headers = {
            "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "x-csrf-token": cookies["__Host-moorage-csrf"],
        }
        made = browser.post("/graphql", json={"query": TOKEN}, headers=headers).raise_for_status().json()
    secret: str = made["data"]["createApiToken"]["secret"]
    return secret
