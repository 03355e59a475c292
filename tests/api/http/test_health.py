"""Probes: alive as long as the process answers, ready while every part does."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from api.errors import Unavailable
from api.http.health import Health


def client_of(checks: Health) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/healthz", checks.live), Route("/readyz", checks.ready)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def answers() -> None:
    pass


async def is_down() -> None:
    raise Unavailable("The database does not answer.", part="database")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_ready_while_every_part_answers() -> None:
    async with client_of(Health({"database": answers, "cluster": answers})) as client:
        response = await client.get("/readyz")

    assert (200, {"database": "ok", "cluster": "ok"}) == (response.status_code, response.json()["parts"])


async def test_not_ready_and_still_alive_while_a_part_is_down() -> None:
    async with client_of(Health({"database": is_down, "cluster": answers})) as client:
        ready, live = await client.get("/readyz"), await client.get("/healthz")

    assert (503, {"database": "down", "cluster": "ok"}) == (ready.status_code, ready.json()["parts"])
    assert 200 == live.status_code


async def test_a_part_that_does_not_answer_in_time_is_down() -> None:
    async with client_of(Health({"database": hangs}, timeout=0.05)) as client:
        assert 503 == (await client.get("/readyz")).status_code
