"""Metrics are for who has their token, and for nobody where there is none."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Route

from api.http.metrics import MetricsEndpoint
from api.monitoring.telemetry import Telemetry
from api.settings import Settings

TOKEN = "of-the-scraper-alone"


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


def client_of(telemetry: Telemetry, token: str | None) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/metrics", MetricsEndpoint(telemetry.instruments.registry, token).expose)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def test_who_has_the_token_reads_them(telemetry: Telemetry) -> None:
    telemetry.reconciling.looked("repaired")
    async with client_of(telemetry, TOKEN) as client:
        response = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})

    assert (200, "text/plain; version=0.0.4; charset=utf-8") == (response.status_code, response.headers["content-type"])
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    looks = {sample.labels["outcome"]: sample.value for sample in families["moorage_reconciler_looks"].samples}
    assert 1 == looks["repaired"]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", "Bearer é"])
async def test_nobody_else_does(telemetry: Telemetry, authorization: str) -> None:
    async with client_of(telemetry, TOKEN) as client:
        response = await client.get("/metrics", headers={b"authorization": authorization.encode()})

    assert (401, "Bearer") == (response.status_code, response.headers["www-authenticate"])
    assert "moorage_" not in response.text


async def test_without_a_token_there_are_none(telemetry: Telemetry) -> None:
    async with client_of(telemetry, None) as client:
        responses = [
            await client.get("/metrics", headers={"authorization": each}) for each in ("", "Bearer ", "Bearer None")
        ]

    assert [404, 404, 404] == [response.status_code for response in responses]


async def test_each_series_is_there_once(telemetry: Telemetry) -> None:
    telemetry.watching.follow("Pod", as_of=lambda: None, objects=lambda: 3)
    with telemetry.changes.of("plan"):
        pass
    async with client_of(telemetry, TOKEN) as client:
        text = (await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text

    assert 'moorage_watch_cache_age_seconds{kind="Pod"} NaN' in text
    assert 'moorage_watch_cache_objects{kind="Pod"} 3.0' in text
    assert "_created" not in text


def test_a_token_that_is_easily_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOORAGE_METRICS_TOKEN", "short")

    with pytest.raises(ValueError, match="at least 16"):
        Settings()
