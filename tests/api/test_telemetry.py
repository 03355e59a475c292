"""What the whole application tells of itself, to Prometheus and to a collector of traces, and what it never tells."""

from __future__ import annotations

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from api.app import create_app
from api.authentication.secret_tokens import new_api_token
from api.clusters.objects import WATCHED
from api.settings import Settings
from tests.api.browser import ORIGIN, Browser
from tests.api.monitoring.collector import CollectorStandIn, attributes, collecting
from tests.graphql_schema.serving import served

TOKEN = "of-the-scraper-alone"
CANARY = "canary7f3a9e"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
FOLLOW = "subscription Follow($slug: String!) { namespaceUpdated(slug: $slug) { kind workload { status { phase } } } }"
CREATE = "mutation Create($input: CreateNamespaceInput!) { createNamespace(input: $input) { namespace { slug } } }"
PLAN = "mutation Plan($input: PlanWorkloadInput!) { planWorkload(input: $input) { plan { id } errors { message } } }"
DEPLOY = "mutation Deploy($id: ID!) { deployWorkload(input: {planId: $id}) { errors { message } } }"
LIST = "query Namespaces { namespaces(first: 10) { edges { node { slug } } } }"

pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True)
class Running:
    """The application, and who collects its traces; `elsewhere` is a collector that the environment names."""

    address: str
    collector: CollectorStandIn
    elsewhere: CollectorStandIn


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("telemetry")
    async with collecting() as collector, collecting() as elsewhere:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
            environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", elsewhere.url)
            settings = Settings(
                data_dir=folder / "data",
                web_dir=folder / "web",
                port=8080,
                metrics_token=SecretStr(TOKEN),
                otlp_endpoint=collector.url,
                otlp_headers={"authorization": SecretStr("Bearer of-the-collector")},
                trace_ratio=1.0,
            )
            async with served(create_app(settings), lifespan="on") as address:
                yield Running(address, collector, elsewhere)


@pytest.fixture
async def browser(running: Running) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=f"http://{running.address}", timeout=30) as client:
        yield Browser(client)


@dataclass(frozen=True)
class Scrape:
    """What Prometheus reads."""

    text: str

    @property
    def families(self) -> Sequence[Metric]:
        return list(text_string_to_metric_families(self.text))

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples of that name that have these labels."""
        samples = (sample for family in self.families for sample in family.samples if sample.name == name)
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


async def scrape(browser: Browser) -> Scrape:
    response = await browser.client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert 200 == response.status_code
    return Scrape(response.text)


async def scrape_once(browser: Browser, value: float, name: str, **labels: str) -> Scrape:
    """The first one in which a metric has that value."""
    async with asyncio.timeout(40):
        while value != (told := await scrape(browser)).value(name, **labels):
            pass
    return told


async def asked(browser: Browser, query: str, **variables: object) -> httpx.Response:
    return await browser.post("/graphql", {"query": query, "variables": variables})


async def a_namespace(browser: Browser) -> str:
    await browser.register()
    answer = (await asked(browser, CREATE, input={"name": "team"})).json()
    slug: str = answer["data"]["createNamespace"]["namespace"]["slug"]
    return slug


async def deploy(browser: Browser, slug: str, **more: object) -> None:
    workload = {"name": "web", "image": "registry.example/web:1", "port": 8080, "runAsUser": 1000, **more}
    planned = (await asked(browser, PLAN, input={"namespace": slug, "workload": workload})).json()
    plan = planned["data"]["planWorkload"]["plan"]["id"]
    assert [] == (await asked(browser, DEPLOY, id=plan)).json()["data"]["deployWorkload"]["errors"]


@asynccontextmanager
async def following(running: Running, browser: Browser, slug: str) -> AsyncIterator[ClientConnection]:
    """A socket with one subscription to the namespace."""
    async with connect(
        f"ws://{running.address}/graphql",
        origin=Origin(ORIGIN),
        additional_headers={"cookie": browser.cookie},
        subprotocols=[Subprotocol("graphql-transport-ws")],
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        payload = {"query": FOLLOW, "variables": {"slug": slug}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        await socket.recv()
        yield socket


async def until_ready(socket: ClientConnection) -> None:
    async with asyncio.timeout(30):
        async for text in socket:
            workload = json.loads(text)["payload"]["data"]["namespaceUpdated"]["workload"]
            if workload is not None and "READY" == workload["status"]["phase"]:
                return


async def traced(running: Running, request_id: str) -> list[Span]:
    """Every span of the trace of a request, once all of it came."""

    def named() -> list[Span]:
        return [span for span in running.collector.spans if attributes(span).get("moorage.request_id") == request_id]

    await running.collector.until(lambda: any(span.name == "POST /graphql" for span in named()))
    return [span for span in running.collector.spans if span.trace_id == named()[0].trace_id]


@pytest.mark.parametrize("authorization", [None, "Bearer wrong"])
async def test_metrics_are_not_for_whoever_is_signed_in(browser: Browser, authorization: str | None) -> None:
    await browser.register()
    headers = {"cookie": browser.cookie} | ({"authorization": authorization} if authorization else {})

    response = await browser.client.get("/metrics", headers=headers)

    assert 401 == response.status_code


async def test_a_scraper_asks_by_the_pod_s_address(browser: Browser) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "host": "10.0.0.7:8080"}

    assert 200 == (await browser.client.get("/metrics", headers=headers)).status_code


async def test_operations_are_told_by_name_with_their_errors(browser: Browser) -> None:
    await browser.register()
    name = f"Mine{uuid4().hex[:6]}"
    await asked(browser, f"query {name} {{ viewer {{ email }} }}")
    await asked(browser, f'query {name} {{ namespace(slug: "nowhere") {{ slug }} }}')
    await asked(browser, f"query {name}Wrong {{ nothing }}")

    told = await scrape(browser)

    assert 2 == told.value("moorage_graphql_operation_duration_seconds_count", operation=name, type="query")
    invalid = {"operation": "invalid", "code": "GRAPHQL_VALIDATION_FAILED"}
    assert 1 <= told.value("moorage_graphql_errors_total", **invalid)
    assert f"{name}Wrong" not in told.text


async def test_a_deploy_that_is_followed_is_told_whole(running: Running, browser: Browser) -> None:
    slug, follow = await a_namespace(browser), {"operation": "Follow", "transport": "websocket"}
    async with following(running, browser, slug) as socket:
        during = await scrape_once(browser, 1, "moorage_graphql_active_subscriptions", **follow)
        await deploy(browser, slug)
        await until_ready(socket)
        told = await scrape(browser)

    assert 1 == during.value("moorage_graphql_open_connections", transport="websocket")
    assert 1 <= told.value("moorage_graphql_stream_lag_seconds_count", transport="websocket")
    assert 1 == told.value("moorage_changes_total", change="plan", outcome="ok")
    assert 1 == told.value("moorage_changes_total", change="deploy", outcome="ok")
    assert 1 <= told.value("moorage_kubernetes_requests_total", verb="create", kind="Deployment", code="201")


async def test_an_event_stream_is_a_subscription_too(browser: Browser) -> None:
    slug, follow = await a_namespace(browser), {"operation": "Follow", "transport": "sse"}
    body = {"query": FOLLOW, "variables": {"slug": slug}}
    headers = browser.headers | {"accept": "text/event-stream"}
    name = "moorage_graphql_active_subscriptions"

    async with browser.client.stream("POST", "/graphql", json=body, headers=headers):
        during = await scrape_once(browser, 1, name, **follow)
    after = await scrape_once(browser, 0, name, **follow)

    assert (1, 0) == (during.value(name, **follow), after.value(name, **follow))


async def test_the_replica_that_leads_says_so(browser: Browser) -> None:
    told = await scrape_once(browser, 1, "moorage_reconciler_leading")

    assert 1 == told.value("moorage_reconciler_terms_total")


async def test_each_kind_that_is_watched_tells_its_age(browser: Browser) -> None:
    told = await scrape(browser)

    ages = {
        sample.labels["kind"]: sample.value
        for family in told.families
        for sample in family.samples
        if sample.name == "moorage_watch_cache_age_seconds"
    }
    assert {kind.kind for kind in WATCHED} == set(ages)
    assert 0 <= ages["Pod"] < 120
    assert 1 <= told.value("moorage_database_statements_total", operation="SELECT", code="ok")
    assert 1 <= told.value("moorage_event_loop_lag_seconds_count")
    assert 1 == told.value("moorage_build_info")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
async def test_promtool_finds_no_fault_in_the_exposition(browser: Browser) -> None:
    await asked(browser, LIST)
    told = await scrape(browser)

    checking = await asyncio.create_subprocess_exec("promtool", "check", "metrics", stdin=PIPE, stderr=PIPE)
    _, complaints = await checking.communicate(told.text.encode())

    assert (0, b"") == (checking.returncode, complaints)


async def test_a_request_is_one_trace_down_to_its_statements(running: Running, browser: Browser) -> None:
    await a_namespace(browser)

    response = await asked(browser, LIST)

    spans = await traced(running, response.headers["x-request-id"])
    by_name = {span.name: span for span in spans}
    request, operation = by_name["POST /graphql"], by_name["query"]
    statements = [span for span in spans if span.name == "SELECT" and span.parent_span_id == operation.span_id]
    assert operation.parent_span_id == request.span_id
    assert 200 == attributes(request)["http.response.status_code"]
    assert "Namespaces" == attributes(operation)["graphql.operation.name"]
    assert statements
    assert "FROM namespaces" in str(attributes(statements[0])["db.query.text"])


async def test_an_operation_on_a_socket_is_a_trace_of_its_own(running: Running, browser: Browser) -> None:
    slug = await a_namespace(browser)

    async with following(running, browser, slug):
        await running.collector.until(lambda: any(span.name == "subscription" for span in running.collector.spans))

    span = next(span for span in running.collector.spans if span.name == "subscription")
    assert ("Follow", b"") == (attributes(span)["graphql.operation.name"], span.parent_span_id)


async def test_a_plan_s_trace_has_its_calls_of_the_api_server(running: Running, browser: Browser) -> None:
    slug = await a_namespace(browser)
    workload = {"name": "web", "image": "registry.example/web:1", "runAsUser": 1000}

    response = await asked(browser, PLAN, input={"namespace": slug, "workload": workload})

    names = {span.name for span in await traced(running, response.headers["x-request-id"])}
    assert {"POST /graphql", "mutation", "create Pod", "create Deployment"} <= names


async def test_a_caller_s_trace_is_linked_to(running: Running, browser: Browser) -> None:
    body = {"query": LIST}
    response = await browser.post("/graphql", body, traceparent=f"00-{TRACE}-{CALLER}-01")

    spans = await traced(running, response.headers["x-request-id"])

    request = next(span for span in spans if span.name == "POST /graphql")
    assert TRACE != request.trace_id.hex()
    assert [TRACE] == [link.trace_id.hex() for link in request.links]


async def test_a_secret_is_found_nowhere(running: Running, browser: Browser) -> None:
    slug = await a_namespace(browser)
    token = new_api_token()
    await deploy(
        browser, slug, environment=[{"name": "KEY", "value": CANARY}], secrets=[{"name": "S", "value": CANARY}]
    )
    await asked(browser, f'query Literal {{ namespace(slug: "{CANARY}") {{ slug }} }}')
    await asked(browser, "query Variable($slug: String!) { namespace(slug: $slug) { slug } }", slug=CANARY)
    await asked(browser, f"query {token} {{ viewer {{ email }} }}")
    await asked(browser, f"query {CANARY} {{ nothing }}")
    await browser.post(f"/graphql?token={CANARY}", {"query": LIST}, authorization=f"Bearer {CANARY}")
    await browser.post("/auth/login", {"email": f"{CANARY}@example.com", "password": CANARY})
    await browser.client.get(f"/auth/{CANARY}")
    await browser.client.request(CANARY, "/auth/session")
    tracestate = {"traceparent": f"00-{TRACE}-{CALLER}-01", "tracestate": f"a={CANARY}", "baggage": f"b={CANARY}"}

    last = await browser.post("/graphql", {"query": LIST}, **tracestate)

    await traced(running, last.headers["x-request-id"])
    told = (await scrape(browser)).text
    for secret in (CANARY, token):
        assert secret not in told
        assert not any(secret.encode() in body for body in running.collector.bodies)


async def test_what_the_environment_says_to_others_is_not_followed(running: Running, browser: Browser) -> None:
    response = await asked(browser, LIST)
    await traced(running, response.headers["x-request-id"])

    assert [] == running.elsewhere.bodies
    assert "Bearer of-the-collector" == running.collector.headers[0]["authorization"]
