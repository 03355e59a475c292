"""What the watch cache, and the way to the API server, tell of themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.clusters.connection import Connection
from api.clusters.health import Health
from api.clusters.informer import Informer
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.clusters.store import Store
from api.errors import NotThere
from api.monitoring.telemetry import Telemetry
from tests.api.clusters.scripted_api import ScriptedApi
from tests.api.clusters.wire import pod
from tests.api.servers import write_kubeconfig

STALL = 0.2


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
async def counted(api: ScriptedApi, telemetry: Telemetry, tmp_path: Path) -> AsyncIterator[Connection]:
    kubeconfig = write_kubeconfig(tmp_path / "counted", api.url, "token")
    async with Connection.open(Kubeconfig(kubeconfig), calls=telemetry.kubernetes) as connection:
        yield connection


@pytest.fixture
async def informer(counted: Connection, telemetry: Telemetry) -> AsyncIterator[None]:
    """It follows pods for the length of the test."""
    store = Store()
    follower = Informer(
        counted, store, Health([Kind.POD], store.notify_all), Kind.POD, stall=STALL, watching=telemetry.watching
    )
    task = asyncio.create_task(follower.run(), name="informer pods")
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def value(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.instruments.registry.get_sample_value(name, labels)


@pytest.mark.usefixtures("informer")
async def test_events_and_lists_that_had_to_be_made_again_are_counted(api: ScriptedApi, telemetry: Telemetry) -> None:
    await api.list()
    watch = await api.watch(since="10")
    await watch.send("ADDED", pod("a", 11))
    await watch.send("ERROR", {"kind": "Status", "code": 410, "reason": "Expired"})
    await api.list()
    await api.watch(since="10")

    assert 2 == value(telemetry, "moorage_watch_events_total", kind="Pod")
    assert 1 == value(telemetry, "moorage_watch_relists_total", kind="Pod")
    assert 2 == value(telemetry, "moorage_kubernetes_requests_total", verb="list", kind="Pod", code="200")


@pytest.mark.usefixtures("informer")
async def test_a_watch_that_falls_silent_is_counted(api: ScriptedApi, telemetry: Telemetry) -> None:
    await api.list()
    await api.watch(since="10")
    await api.watch(since="10")

    assert 1 == value(telemetry, "moorage_watch_stalls_total", kind="Pod")
    assert value(telemetry, "moorage_watch_relists_total", kind="Pod") is None


async def test_each_try_of_a_call_is_counted_by_its_answer(
    api: ScriptedApi, counted: Connection, telemetry: Telemetry
) -> None:
    call = asyncio.create_task(counted.get_object("/api/v1/namespaces/team/pods/hunter2"))
    (await api.request()).refuse(503)
    (await api.request()).refuse(404)

    with pytest.raises(NotThere):
        await call

    codes = ("503", "404")
    tries = [value(telemetry, "moorage_kubernetes_requests_total", verb="get", kind="Pod", code=code) for code in codes]
    assert [1, 1] == tries
    assert 2 == value(telemetry, "moorage_kubernetes_request_duration_seconds_count", verb="get", kind="Pod")
