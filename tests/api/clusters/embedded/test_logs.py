"""Logs of pods."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import condition, pod


@pytest.fixture
async def running(client: Client, namespace: Namespace) -> str:
    """The path of the log of a pod that is ready."""
    await client.post(namespace.pods, pod())
    await client.until(namespace.pods, "app", lambda obj: condition(obj, "Ready").get("status") == "True")
    return f"{namespace.pods}/app/log"


async def test_a_log_starts_with_the_start_of_the_app(client: Client, running: str) -> None:
    log = (await client.get(running)).body

    assert log.splitlines()[0] == "INFO  Starting app"


async def test_the_tail_is_as_long_as_asked_for(client: Client, running: str) -> None:
    whole = (await client.get(running)).body.splitlines()

    assert (await client.get(running, tailLines="0")).body == ""
    assert len((await client.get(running, tailLines="1")).body.splitlines()) == 1
    assert len(whole) >= 1


async def test_lines_carry_timestamps_where_asked_for(client: Client, running: str) -> None:
    [line, *_] = (await client.get(running, timestamps="true")).body.splitlines()

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z INFO  Starting app", line)


async def test_the_bytes_are_limited(client: Client, running: str) -> None:
    assert (await client.get(running, limitBytes="10")).body == "INFO  Star"


async def test_a_followed_log_goes_on_until_the_pod_is_gone(client: Client, namespace: Namespace, running: str) -> None:
    before = len((await client.get(running)).body.splitlines())

    async with asyncio.timeout(15):
        following = asyncio.create_task(client.get(running, follow="true"))
        await client.until_some(namespace.events, lambda events: "Started" in {e["reason"] for e in events})
        while len((await client.get(running)).body.splitlines()) < before + 2:
            await asyncio.wait({following}, timeout=0.05)
        await client.delete(f"{namespace.pods}/app", {"gracePeriodSeconds": 0})
        followed = await following

    assert len(followed.body.splitlines()) > before


async def test_a_crash_leaves_its_trace_in_the_previous_log(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:crash"))
    await client.until(
        namespace.pods, "app", lambda obj: bool(obj["status"].get("containerStatuses", [{}])[0].get("restartCount"))
    )

    log = (await client.get(f"{namespace.pods}/app/log", previous="true")).body

    assert "ConnectionRefusedError" in log.splitlines()[-1]


async def test_a_container_that_never_started_has_no_log(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:broken"))
    await client.until(namespace.pods, "app", lambda obj: "ImagePullBackOff" in str(obj["status"]))

    refused = await client.get(f"{namespace.pods}/app/log")

    assert refused.status == 400
    assert "is waiting to start" in refused.body["message"]


async def test_a_container_has_to_be_one_of_the_pod(client: Client, running: str) -> None:
    assert (await client.get(running, container="other")).status == 400


async def test_who_follows_a_crash_reads_it_to_its_end(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:crash"))
    await client.until(
        namespace.pods, "app", lambda obj: "running" in obj["status"].get("containerStatuses", [{}])[0].get("state", {})
    )

    async with asyncio.timeout(15):
        followed = (await client.get(f"{namespace.pods}/app/log", follow="true")).body

    assert "ConnectionRefusedError" in followed.splitlines()[-1]


async def test_moments_go_forward_from_one_run_to_the_next(client: Client, namespace: Namespace) -> None:
    """Or nobody could tell what they have read already."""
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:crash"))
    await client.until(
        namespace.pods, "app", lambda obj: obj["status"].get("containerStatuses", [{}])[0].get("restartCount") == 1
    )

    runs = [
        (await client.get(f"{namespace.pods}/app/log", timestamps="true", previous=previous)).body.splitlines()
        for previous in ("true", "false")
    ]

    moments = [line.split()[0] for lines in runs for line in lines]
    assert sorted(moments) == moments
