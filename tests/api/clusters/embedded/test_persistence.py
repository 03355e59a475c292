"""What is kept between runs, also when a run is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from api.clusters.embedded import DataInUseError, EmbeddedCluster
from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import PACE, session
from tests.api.clusters.embedded.manifests import deployment

SECRETS = "/api/v1/namespaces/default/secrets"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
PODS = "/api/v1/namespaces/default/pods"


async def test_objects_address_and_token_are_kept(tmp_path: Path) -> None:
    async with EmbeddedCluster.open(tmp_path, pace=PACE) as first, session(first) as opened:
        created = await Client(opened).post(SECRETS, {"metadata": {"name": "kept"}, "stringData": {"a": "b"}})

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as second, session(second) as opened:
        found = await Client(opened).get(f"{SECRETS}/kept")

    assert (first.url, first.token) == (second.url, second.token)
    assert created.body == found.body


async def test_deletions_are_kept(tmp_path: Path) -> None:
    async with EmbeddedCluster.open(tmp_path, pace=PACE) as first, session(first) as opened:
        client = Client(opened)
        await client.post(SECRETS, {"metadata": {"name": "gone"}})
        await client.delete(f"{SECRETS}/gone")

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as second, session(second) as opened:
        assert (await Client(opened).get(f"{SECRETS}/gone")).status == 404


async def test_versions_go_on_and_those_of_the_run_before_are_gone(tmp_path: Path) -> None:
    async with EmbeddedCluster.open(tmp_path, pace=PACE) as first, session(first) as opened:
        before = (await Client(opened).get(SECRETS)).body["metadata"]["resourceVersion"]

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as second, session(second) as opened:
        client = Client(opened)
        after = (await client.get(SECRETS)).body["metadata"]["resourceVersion"]
        event = await anext(client.watch(SECRETS, resourceVersion=before))

    assert int(after) > int(before)
    assert (event["type"], event["object"]["code"]) == ("ERROR", 410)


async def test_pods_that_ran_still_run_after_a_restart(tmp_path: Path) -> None:
    async with EmbeddedCluster.open(tmp_path, pace=PACE) as first, session(first) as opened:
        client = Client(opened)
        await client.post(DEPLOYMENTS, deployment(replicas=2))
        await client.until(DEPLOYMENTS, "web", lambda obj: obj["status"].get("availableReplicas") == 2)
        before = {pod["metadata"]["uid"] for pod in (await client.get(PODS)).body["items"]}

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as second, session(second) as opened:
        client = Client(opened)
        await client.patch(f"{DEPLOYMENTS}/web/scale", {"spec": {"replicas": 3}})
        await client.until(DEPLOYMENTS, "web", lambda obj: obj["status"].get("availableReplicas") == 3)
        after = {pod["metadata"]["uid"] for pod in (await client.get(PODS)).body["items"]}

    assert before < after


async def test_pods_that_were_starting_go_on_starting(tmp_path: Path) -> None:
    """The first run is so slow that it does not get further than creating the pods."""
    async with EmbeddedCluster.open(tmp_path, pace=1000) as first, session(first) as opened:
        client = Client(opened)
        await client.post(DEPLOYMENTS, deployment(replicas=2))
        await client.until_some(PODS, lambda pods: len(pods) == 2)

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as second, session(second) as opened:
        await Client(opened).until(DEPLOYMENTS, "web", lambda obj: obj["status"].get("availableReplicas") == 2)


async def test_data_is_used_by_one_process_at_a_time(tmp_path: Path) -> None:
    async with EmbeddedCluster.open(tmp_path, pace=PACE):
        with pytest.raises(DataInUseError, match="in use by another process"):
            async with EmbeddedCluster.open(tmp_path, pace=PACE):
                pass


async def test_only_the_owner_may_read_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    async with EmbeddedCluster.open(folder, pace=PACE):
        modes = {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())}

    assert modes == {0}


async def test_what_was_acknowledged_survives_being_killed(tmp_path: Path) -> None:
    """The process is killed in the middle of writing, three times; every write that it answered is there."""
    acknowledged: set[str] = set()
    for round_number in range(3):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "api.clusters.embedded", "--data", str(tmp_path), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        url, token = [(await process.stdout.readline()).decode().split()[1] for _ in range(2)]
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(url, headers=headers) as opened:
            writers = [_write(Client(opened), f"r{round_number}-w{number}", acknowledged) for number in range(4)]
            writing = asyncio.gather(*writers)
            while len(acknowledged) < 50 * (round_number + 1):
                await asyncio.wait({writing}, timeout=0.01)
            os.kill(process.pid, signal.SIGKILL)
            await writing
        await process.wait()

    async with EmbeddedCluster.open(tmp_path, pace=PACE) as cluster, session(cluster) as opened:
        found = {each["metadata"]["name"] for each in (await Client(opened).get(SECRETS)).body["items"]}

    assert acknowledged <= found


async def _write(client: Client, prefix: str, acknowledged: set[str]) -> None:
    """Writes until the server is gone."""
    for number in range(10_000):
        name = f"{prefix}-{number}"
        try:
            answer = await client.post(SECRETS, {"metadata": {"name": name}})
        except aiohttp.ClientError:
            return
        assert answer.status == 201
        acknowledged.add(name)
