"""A watch that is lost, or falls silent: whatever happened meanwhile is known in the end, deletions too.

SECURITY 26.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.connection import CALL_SECONDS
from api.clusters.embedded import EmbeddedCluster
from api.clusters.informer import STALL_SECONDS
from api.clusters.models import Kubeconfig
from api.clusters.objects import REVISION, Kind
from tests.api.clusters.contract.manifests import Object, deployment, namespace_object
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import ApiServer, write_kubeconfig
from tests.api.waiting import PATIENCE, until
from tests.faults.figures import Figures

PROMISED_STALL = 70.0
SHORT_STALL = 1.0
STEADY = "kept"


@pytest.fixture
async def namespace(cluster: Cluster) -> AsyncIterator[str]:
    async with settled_namespace(cluster) as name:
        yield name


async def in_the_stream(proxy: FaultyProxy) -> None:
    proxy.expire_watches()


async def when_it_is_opened(proxy: FaultyProxy) -> None:
    opened: set[str] = set()

    def first_of_its_kind(request: Seen) -> bool:
        is_first = request.watches and request.path not in opened
        opened.add(request.path if request.watches else "")
        return is_first

    proxy.fail_when(first_of_its_kind, Fault.GONE)
    proxy.break_connections()


@pytest.mark.parametrize("lose", [in_the_stream, when_it_is_opened])
async def test_410_is_followed_by_a_new_list_and_the_differences(
    cluster: Cluster,
    proxy: FaultyProxy,
    namespace: str,
    figures: Figures,
    lose: Callable[[FaultyProxy], Awaitable[None]],
) -> None:
    proxy.stall_watches()
    await change_behind_its_back(cluster, namespace)
    before = known(cluster, namespace)
    with cluster.store.subscribe(namespace) as changes:
        lost = time.monotonic()
        await lose(proxy)
        async with asyncio.timeout(PATIENCE):
            await anext(changes)
    await until(cluster, namespace, lambda: known(cluster, namespace) == AFTERWARDS)

    assert BEFORE == before
    assert cluster.reachable
    await follows(cluster, namespace)
    how = lose.__name__.replace("_", " ")
    figures.note(26, f"watch 410 {how}", f"created, changed and deleted known {time.monotonic() - lost:.2f} s after")


async def test_an_api_server_that_has_forgotten_says_410_by_itself(tmp_path: Path, figures: Figures) -> None:
    """The embedded one with a history of 20 changes: no line of the proxy's is in it."""
    async with (
        EmbeddedCluster.open(pace=0.02, history=20) as embedded,
        FaultyProxy.open(embedded.url) as proxy,
        opened(tmp_path, ApiServer(proxy.url, embedded.token)) as cluster,
        settled_namespace(cluster) as namespace,
    ):
        proxy.stall_watches()
        await change_behind_its_back(cluster, namespace)
        for number in range(30):
            await cluster.apply(at(namespace, STEADY, str(number)))
        proxy.seen.clear()

        proxy.break_connections()
        await until(cluster, namespace, lambda: known(cluster, namespace)[STEADY] == "29")

        assert {**AFTERWARDS, STEADY: "29"} == known(cluster, namespace)
        assert any(each.path.endswith("/deployments") and not each.watches for each in proxy.seen)
    figures.note(26, "history of the API server passed", "listed anew; nothing missed of 34 changes")


async def test_a_watch_that_falls_silent_is_found(api_server: ApiServer, tmp_path: Path, figures: Figures) -> None:
    async with (
        FaultyProxy.open(api_server.url, api_server.tls) as proxy,
        opened(tmp_path, ApiServer(proxy.url, api_server.token), stall=SHORT_STALL) as cluster,
        settled_namespace(cluster) as namespace,
    ):
        proxy.stall_watches()
        stalled = time.monotonic()
        await change_behind_its_back(cluster, namespace)
        await until(cluster, namespace, lambda: known(cluster, namespace) == AFTERWARDS)
        found = time.monotonic() - stalled

    overhead = found - SHORT_STALL
    assert found < SHORT_STALL + CALL_SECONDS
    assert STALL_SECONDS + CALL_SECONDS < PROMISED_STALL
    figures.note(
        26,
        f"silent stall, limit {SHORT_STALL:.0f} s",
        f"found after {found:.2f} s: with the limit of {STALL_SECONDS:.0f} s after {STALL_SECONDS + overhead:.1f} s",
    )


async def test_a_bookmark_moves_the_cursor_and_nothing_is_missed_from_there(
    cluster: Cluster, proxy: FaultyProxy, namespace: str, figures: Figures
) -> None:
    """A kind in which nothing happens keeps up with the cluster by bookmarks alone."""
    version = (await cluster.apply(at(namespace, STEADY, "9"))).object["metadata"]["resourceVersion"]
    await proxy.say(b'{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"%s"}}}\n' % version.encode())
    assert await cluster.wait_until_seen(Kind.STATEFUL_SET, version, timeout=PATIENCE)
    proxy.seen.clear()

    proxy.break_connections()
    await proxy.until_seen(lambda request: request.watches and request.path.endswith("/statefulsets"))

    cursors = {each.path.rsplit("/", 1)[1]: each.query["resourceVersion"] for each in proxy.seen if each.watches}
    assert version == cursors["statefulsets"]
    assert [] == [each for each in proxy.seen if not each.watches and each.path.endswith("/statefulsets")]
    await follows(cluster, namespace)
    figures.note(26, "bookmark, then a broken watch", "goes on from the bookmark, without a list")


BEFORE = {"kept": "0", "changed": "0", "deleted": "0"}
AFTERWARDS = {"kept": "0", "changed": "1", "created": "0"}


async def change_behind_its_back(cluster: Cluster, namespace: str) -> None:
    await cluster.delete(Kind.DEPLOYMENT, namespace, "deleted")
    await cluster.apply(at(namespace, "changed", "1"))
    await cluster.create(at(namespace, "created", "0"))


def at(namespace: str, name: str, version: str) -> Object:
    """A Deployment that asks for no pod, in some version."""
    made = deployment(namespace, name)
    made["metadata"]["annotations"] = {REVISION: version}
    return made


def known(cluster: Cluster, namespace: str) -> dict[str, str]:
    """The Deployments that the Store has, and in which version."""
    found = cluster.store.deployments(namespace)
    return {each.metadata.name: each.metadata.annotations[REVISION] for each in found}


async def follows(cluster: Cluster, namespace: str) -> None:
    """What happens from now on is told as before."""
    await cluster.apply(at(namespace, STEADY, "100"))
    await until(cluster, namespace, lambda: known(cluster, namespace)[STEADY] == "100")


@asynccontextmanager
async def opened(folder: Path, server: ApiServer, *, stall: float = STALL_SECONDS) -> AsyncIterator[Cluster]:
    kubeconfig = write_kubeconfig(folder / "kubeconfig-of-its-own", server.url, server.token)
    async with Cluster.open(Kubeconfig(kubeconfig), stall=stall) as cluster:
        yield cluster


@asynccontextmanager
async def settled_namespace(cluster: Cluster) -> AsyncIterator[str]:
    """A namespace of ours with three Deployments that the Store knows."""
    name = f"faults-{uuid4().hex[:8]}"
    await cluster.create(namespace_object(name))
    for each in BEFORE:
        await cluster.create(at(name, each, "0"))
    await until(cluster, name, lambda: known(cluster, name) == BEFORE)
    yield name
    await cluster.delete(Kind.NAMESPACE, None, name)
