"""Webhooks of the whole application: from a deploy over the wire to the receiver, by nothing but its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.errors import ConfigurationError
from api.settings import Settings
from api.webhooks.opening import Reach
from tests.api.webhooks.receiver import Authority, Receiver, receiving
from tests.graphql_schema.serving import served

PASSWORD = "harbour-cedar-violin-tuesday"
ORIGIN = "http://localhost:8080"
NAME = "localhost"
"""A name that this machine knows without a name server."""
QUERY = """query ($namespace: String!, $workload: String!) {
  workload(namespace: $namespace, name: $workload) { name rollout { revision complete } }
}"""
CREATE_NAMESPACE = 'mutation { createNamespace(input: {name: "shop"}) { namespace { slug } } }'
CREATE_WEBHOOK = """mutation ($input: CreateWebhookInput!) {
  createWebhook(input: $input) { secret errors { message } }
}"""
PLAN = """mutation ($slug: String!) {
  planWorkload(input: {namespace: $slug, workload: {name: "web", image: "registry.example/web:1", port: 8080}}) {
    plan { id }
  }
}"""
DEPLOY = "mutation ($plan: ID!) { deployWorkload(input: {planId: $plan}) { errors { message } } }"


@pytest.fixture
async def receiver(authority: Authority, tmp_path: Path) -> AsyncIterator[Receiver]:
    async with receiving(authority.context_for(tmp_path, NAME)) as receiver:
        yield receiver


@pytest.fixture
async def graphql(authority: Authority, receiver: Receiver, tmp_path: Path) -> AsyncIterator[GraphQL]:
    (tmp_path / "web" / "assets").mkdir(parents=True)
    given = {
        "data_dir": tmp_path / "data",
        "web_dir": tmp_path / "web",
        "port": 8080,
        "webhook_networks": "127.0.0.0/8,::1",
        "webhook_ports": f"443,{receiver.port}",
        "webhook_certificates": authority.file,
    }
    app = create_app(Settings.model_validate(given))
    async with (
        served(app, lifespan="on") as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as client,
    ):
        yield GraphQL(client)


class GraphQL:
    """Somebody who has registered, and sends operations."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._headers: dict[str, str] = {"origin": ORIGIN}

    async def register(self) -> None:
        body = {"email": "ada@example.com", "password": PASSWORD, "displayName": "Ada"}
        response = await self._client.post("/auth/register", json=body, headers=self._headers)
        cookies = dict(each.partition(";")[0].split("=", 1) for each in response.headers.get_list("set-cookie"))
        self._headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._headers["x-csrf-token"] = cookies["__Host-moorage-csrf"].strip('"')

    async def data(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        return (await self._client.post("/graphql", json=body, headers=self._headers)).json()["data"]


async def test_a_deploy_reaches_the_receiver_signed_once_it_is_through(graphql: GraphQL, receiver: Receiver) -> None:
    await graphql.register()
    slug = (await graphql.data(CREATE_NAMESPACE))["createNamespace"]["namespace"]["slug"]
    wanted = {
        "namespace": slug,
        "url": f"https://{NAME}:{receiver.port}/hook",
        "query": QUERY,
        "events": ["DEPLOYMENT_FINISHED"],
    }
    made = (await graphql.data(CREATE_WEBHOOK, input=wanted))["createWebhook"]
    plan = (await graphql.data(PLAN, slug=slug))["planWorkload"]["plan"]["id"]

    assert [] == (await graphql.data(DEPLOY, plan=plan))["deployWorkload"]["errors"]

    received = await receiver.next()
    assert received.is_signed_by(made["secret"])
    assert "DEPLOYMENT_FINISHED" == received.json["type"]
    assert {"name": "web", "rollout": {"revision": 1, "complete": True}} == received.json["data"]["workload"]


def test_certificates_that_cannot_be_read_are_told_by_their_setting(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("no certificate")

    for file in ("authority.pem", "missing.pem"):
        with pytest.raises(ConfigurationError) as refused:
            Reach(certificates=tmp_path / file).tls()

        assert "MOORAGE_WEBHOOK_CERTIFICATES" == refused.value.setting


@pytest.mark.parametrize("ports", ["0", "65536", "https"])
def test_ports_are_numbers_of_ports(ports: str) -> None:
    with pytest.raises(ValueError, match="webhook_ports"):
        Settings.model_validate({"webhook_ports": ports})
