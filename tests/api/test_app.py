"""The whole application as a browser meets it: one server, everything embedded, over the wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from api.app import Ready, create_app
from api.authentication.throttle import MAX_FAILURES
from api.authorization.vigils import HAS_ENDED
from api.settings import Settings
from tests.api.browser import ORIGIN, PASSWORD, Browser
from tests.graphql_schema.serving import served

ELSEWHERE = "https://evil.example"
FOLLOW = """
subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") { kind workload { status { phase } } }
}
"""
INTROSPECTION = "{ __schema { queryType { name } } }"


@dataclass(frozen=True)
class Running:
    """A running application, and what it said when it was ready."""

    address: str
    ready: Ready


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "web" / "assets").mkdir(parents=True)
    (folder / "web" / "index.html").write_text("<title>Moorage</title>")
    (folder / "web" / "graphiql.html").write_text("<title>GraphiQL</title>")
    settings = Settings(
        data_dir=folder / "data",
        web_dir=folder / "web",
        environment="production",
        port=8080,
        trusted_proxies=(ip_network("127.0.0.0/8"),),
    )
    told: list[Ready] = []
    async with served(create_app(settings, on_ready=told.append), lifespan="on") as address:
        yield Running(address, told[0])


@pytest.fixture
async def browser(running: Running) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=f"http://{running.address}", timeout=30) as client:
        yield Browser(client)


@asynccontextmanager
async def socket_of(running: Running, browser: Browser, origin: str | None = ORIGIN) -> AsyncIterator[ClientConnection]:
    options: dict[str, Any] = {"subprotocols": [Subprotocol("graphql-transport-ws")]}
    if origin is not None:
        options["origin"] = Origin(origin)
    headers = {"cookie": browser.cookie} if browser.cookies else {}
    address = f"ws://{running.address}/graphql"
    async with asyncio.timeout(20), connect(address, additional_headers=headers, **options) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert {"type": "connection_ack"} == json.loads(await socket.recv())
        yield socket


async def test_it_tells_what_it_runs_on_and_how_to_become_administrator(running: Running) -> None:
    assert running.ready.database.startswith("embedded PostgreSQL 18")
    assert "demo" in running.ready.cluster
    assert "metrics.k8s.io" in running.ready.metrics
    assert running.ready.administrator_token


async def test_who_registers_is_signed_in(browser: Browser) -> None:
    name = await browser.register()

    assert {"data": {"viewer": {"displayName": name}}} == (await browser.viewer()).json()


async def test_a_stranger_is_nobody(browser: Browser) -> None:
    response = await browser.viewer()

    assert (200, {"data": {"viewer": None}}) == (response.status_code, response.json())


@pytest.mark.parametrize(
    "headers", [{"origin": ELSEWHERE}, {"origin": ""}, {"x-csrf-token": ""}, {"x-csrf-token": "forged"}]
)
async def test_a_session_is_of_no_use_to_another_site(browser: Browser, headers: dict[str, str]) -> None:
    await browser.register()

    response = await browser.viewer(**headers)

    assert 403 == response.status_code
    assert "FORBIDDEN" == response.json()["errors"][0]["extensions"]["code"]


async def test_a_simple_form_of_another_site_is_not_read(browser: Browser) -> None:
    await browser.register()

    response = await browser.viewer(**{"content-type": "text/plain"})

    assert 415 == response.status_code


async def test_a_socket_of_our_own_page_is_the_viewer_s(running: Running, browser: Browser) -> None:
    name = await browser.register()

    async with socket_of(running, browser) as socket:
        payload = {"query": "{ viewer { displayName } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        message = json.loads(await socket.recv())

    assert {"data": {"viewer": {"displayName": name}}} == message["payload"]


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", None])
async def test_a_socket_with_a_session_of_another_site_is_refused(
    running: Running, browser: Browser, origin: str | None
) -> None:
    await browser.register()

    with pytest.raises(InvalidStatus) as refused:
        async with socket_of(running, browser, origin):
            pass

    assert 403 == refused.value.response.status_code


async def test_logging_out_closes_open_sockets_within_two_seconds(running: Running, browser: Browser) -> None:
    await browser.register()
    async with socket_of(running, browser) as socket:
        assert 204 == (await browser.post("/auth/logout", {})).status_code

        async with asyncio.timeout(2.5):
            with suppress(ConnectionClosed):
                await socket.recv()

        assert (4403, HAS_ENDED) == (socket.close_code, socket.close_reason)


async def test_logging_out_ends_event_streams_within_two_seconds(browser: Browser) -> None:
    await browser.register()
    create = 'mutation { createNamespace(input: {name: "shop"}) { namespace { slug } } }'
    made = (await browser.post("/graphql", {"query": create})).json()["data"]["createNamespace"]["namespace"]
    body = {"query": f'subscription {{ namespaceUpdated(slug: "{made["slug"]}") {{ __typename }} }}'}
    headers = browser.headers | {"accept": "text/event-stream"}
    async with browser.client.stream("POST", "/graphql", json=body, headers=headers) as stream:
        lines = stream.aiter_lines()
        assert ":" == await anext(lines)

        assert 204 == (await browser.post("/auth/logout", {})).status_code
        async with asyncio.timeout(2.5):
            *_, reason, end, data = [line async for line in lines if line]

    assert "UNAUTHENTICATED" == json.loads(reason.removeprefix("data: "))["errors"][0]["extensions"]["code"]
    assert ("event: complete", "data:") == (end, data)


async def test_a_stream_with_a_session_of_another_site_is_refused(browser: Browser) -> None:
    await browser.register()

    response = await browser.viewer(accept="text/event-stream", origin=ELSEWHERE)

    assert (403, "application/json; charset=utf-8") == (response.status_code, response.headers["content-type"])


async def test_who_guesses_behind_a_trusted_proxy_is_told_from_the_others_there(browser: Browser) -> None:
    guess = {"email": f"victim-{uuid4().hex[:8]}@example.com", "password": PASSWORD}
    guesses = [await browser.post("/auth/login", guess, **_from("203.0.113.7")) for _ in range(MAX_FAILURES + 1)]

    elsewhere = await browser.post("/auth/login", guess, **_from("203.0.113.8"))

    assert [*[401] * MAX_FAILURES, 429] == [response.status_code for response in guesses]
    assert 401 == elsewhere.status_code


async def test_an_api_token_works_until_it_is_revoked(browser: Browser) -> None:
    name = await browser.register()
    create = 'mutation { createApiToken(input: {name: "ci", scopes: [READ]}) { secret apiToken { id } } }'
    made = (await browser.post("/graphql", {"query": create})).json()["data"]["createApiToken"]
    program = Browser(browser.client)
    bearer = {"authorization": f"Bearer {made['secret']}", "origin": ""}

    assert {"data": {"viewer": {"displayName": name}}} == (await program.viewer(**bearer)).json()
    revoke = f'mutation {{ revokeApiToken(input: {{id: "{made["apiToken"]["id"]}"}}) {{ errors {{ message }} }} }}'
    await browser.post("/graphql", {"query": revoke})

    assert 401 == (await program.viewer(**bearer)).status_code


async def test_strangers_in_production_learn_nothing_of_the_schema(browser: Browser) -> None:
    introspection = await browser.post("/graphql", {"query": INTROSPECTION})
    suggestion = await browser.post("/graphql", {"query": "{ viewr { id } }"})
    graphiql = await browser.client.get("/graphiql")

    assert "GRAPHQL_VALIDATION_FAILED" == introspection.json()["errors"][0]["extensions"]["code"]
    assert "Did you mean" not in suggestion.text
    assert (303, "/login") == (graphiql.status_code, graphiql.headers["location"])


async def test_the_signed_in_may_explore(browser: Browser) -> None:
    await browser.register()

    introspection = await browser.post("/graphql", {"query": INTROSPECTION})
    graphiql = await browser.client.get("/graphiql", headers={"cookie": browser.cookie})

    assert {"data": {"__schema": {"queryType": {"name": "Query"}}}} == introspection.json()
    assert (200, "<title>GraphiQL</title>") == (graphiql.status_code, graphiql.text)


async def test_a_body_that_is_too_large_is_refused(browser: Browser) -> None:
    response = await browser.post("/graphql", {"query": "x" * 300_000})

    assert 413 == response.status_code


async def test_other_names_are_not_answered_under(browser: Browser) -> None:
    page = await browser.client.get("/", headers={"host": "evil.example", "accept": "text/html"})
    probe = await browser.client.get("/readyz", headers={"host": "10.0.0.7:8080"})

    assert 421 == page.status_code
    assert (200, {"database": "ok", "cluster": "ok"}) == (probe.status_code, probe.json()["parts"])


@pytest.mark.parametrize("path", ["/", "/graphiql", "/auth/session", "/nowhere", "/healthz"])
async def test_every_answer_has_an_id_and_is_guarded(browser: Browser, path: str) -> None:
    response = await browser.client.get(path)

    assert response.headers["x-request-id"]
    assert "nosniff" == response.headers["x-content-type-options"]
    assert "script-src 'self';" in response.headers["content-security-policy"]


async def test_the_app_is_served_at_its_own_addresses_and_not_at_the_api_s(browser: Browser) -> None:
    page = await browser.client.get("/namespaces/team", headers={"accept": "text/html"})
    api = await browser.client.get("/auth/nowhere", headers={"accept": "text/html"})

    assert (200, "<title>Moorage</title>") == (page.status_code, page.text)
    assert 404 == api.status_code


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/graphql/", 405, "BAD_REQUEST"),
        ("POST", "/nowhere", 405, "BAD_REQUEST"),
        ("GET", "/auth/nowhere", 404, "NOT_FOUND"),
        ("DELETE", "/auth/login", 405, "BAD_REQUEST"),
    ],
)
async def test_what_nothing_answers_is_a_problem_with_a_code_and_the_way_out(
    browser: Browser, method: str, path: str, status: int, code: str
) -> None:
    response = await browser.client.request(method, path)

    assert (status, "application/problem+json") == (response.status_code, response.headers["content-type"])
    assert (status, code) == (response.json()["status"], response.json()["code"])
    assert "The graph is at /graphql" in response.json()["message"]


async def test_the_rest_of_signing_in_is_described_by_openapi(browser: Browser) -> None:
    description = (await browser.client.get("/auth/openapi.json")).json()

    assert {"/auth/register", "/auth/login", "/auth/logout", "/auth/session"} == set(description["paths"])
    responses = description["paths"]["/auth/login"]["post"]["responses"]
    assert {"application/json"} == responses["200"]["content"].keys()
    for status in ("401", "422", "429", "503"):
        assert {"application/problem+json"} == responses[status]["content"].keys()


async def test_a_deploy_is_followed_over_a_socket_to_its_end(running: Running, browser: Browser) -> None:
    await browser.register()
    slug = await _created(browser)
    plan = await _planned(browser, slug)
    deploy = f'mutation {{ deployWorkload(input: {{planId: "{plan}"}}) {{ errors {{ message }} }} }}'
    assert [] == (await browser.post("/graphql", {"query": deploy})).json()["data"]["deployWorkload"]["errors"]

    async with socket_of(running, browser) as socket:
        payload = {"query": FOLLOW, "variables": {"slug": slug}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        updates = [update async for update in _until_ready(socket)]

    assert "SNAPSHOT" == updates[0]["kind"]
    assert {"CHANGE"} == {update["kind"] for update in updates[1:]}


def _from(address: str) -> dict[str, str]:
    """What a proxy adds for a client, which sent an entry of its own."""
    return {"x-forwarded-for": f"198.51.100.{uuid4().bytes[0]}, {address}"}


async def _created(browser: Browser) -> str:
    create = 'mutation { createNamespace(input: {name: "team"}) { namespace { slug } errors { message } } }'
    answer = (await browser.post("/graphql", {"query": create})).json()
    slug: str = answer["data"]["createNamespace"]["namespace"]["slug"]
    return slug


async def _planned(browser: Browser, slug: str) -> str:
    workload = '{name: "web", image: "registry.example/web:1", port: 8080, runAsUser: 1000}'
    plan = (
        f'mutation {{ planWorkload(input: {{namespace: "{slug}", workload: {workload}}})'
        " { plan { id } errors { message } } }"
    )
    answer = (await browser.post("/graphql", {"query": plan})).json()
    plan_id: str = answer["data"]["planWorkload"]["plan"]["id"]
    return plan_id


async def _until_ready(socket: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    async for text in socket:
        update = json.loads(text)["payload"]["data"]["deploymentUpdated"]
        yield update
        if update["workload"]["status"]["phase"] == "READY":
            return


@pytest.mark.parametrize(
    ("path", "media_type", "begins"),
    [
        ("/graphql/schema.graphql", "text/plain; charset=utf-8", '"""'),
        ("/docs/graphql", "text/html; charset=utf-8", "<!doctype html>"),
    ],
)
async def test_the_graph_is_told_to_those_who_are_signed_in(
    browser: Browser, path: str, media_type: str, begins: str
) -> None:
    await browser.register()

    told = await browser.client.get(path, headers={"cookie": browser.cookie})

    assert (200, media_type) == (told.status_code, told.headers["content-type"])
    assert told.text.startswith(begins)
    again = {"cookie": browser.cookie, "if-none-match": told.headers["etag"]}
    assert 304 == (await browser.client.get(path, headers=again)).status_code


async def test_strangers_in_production_are_told_nothing_of_the_graph(browser: Browser) -> None:
    schema = await browser.client.get("/graphql/schema.graphql")
    reference = await browser.client.get("/docs/graphql")

    assert (401, "UNAUTHENTICATED") == (schema.status_code, schema.json()["code"])
    assert (303, "/login") == (reference.status_code, reference.headers["location"])
    assert not {"etag", "x-schema-version"} & (schema.headers.keys() | reference.headers.keys())
