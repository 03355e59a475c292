"""Containers that write what a test has them write, and the pods that they are of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from api.clusters.connection import Connection
from api.clusters.models import Kubeconfig
from api.clusters.objects import WATCHED, WORKLOAD_ID, Kind, Namespace, Pod
from api.clusters.pod_logs import PodLogs
from api.clusters.store import Store
from api.logs.follows import FollowLimits, Follows
from api.logs.models import LogSource, LogTarget
from api.logs.reading import LogReader
from tests.api.clusters import wire
from tests.api.logs.log_server import LogServer
from tests.api.logs.readers import Readers
from tests.api.servers import write_kubeconfig

WORKLOAD = UUID("0c0f7f0e-5d0b-4a57-9d0e-6f8f4d1f2b11")


class Pods:
    """The watch cache, told what pods there are."""

    def __init__(self) -> None:
        self.store = Store()
        self._version = 1
        self.store.put(Kind.NAMESPACE, msgspec.convert(wire.namespace(), Namespace))
        for kind in WATCHED:
            self.store.reached(kind, "1")

    def put(self, name: str, *containers: str, phase: str = "Running", uid: str | None = None) -> LogSource:
        """A pod whose containers run; answers the log of the first."""
        self._version += 1
        item = wire.pod(name, self._version, uid=uid, phase=phase)
        item["metadata"]["labels"] = {WORKLOAD_ID: str(WORKLOAD)}
        names = containers or ("app",)
        item["status"]["containerStatuses"] = [{"name": each, "image": "x", "state": {"running": {}}} for each in names]
        self.store.put(Kind.POD, msgspec.convert(item, Pod))
        return LogSource(wire.NAMESPACE, name, item["metadata"]["uid"], names[0])

    def remove(self, source: LogSource) -> None:
        pod = self.store.pod(source.uid)
        assert pod is not None
        self.store.remove(Kind.POD, pod)


@pytest.fixture
def pods() -> Pods:
    return Pods()


@pytest.fixture
async def logs() -> AsyncIterator[LogServer]:
    async with LogServer.open() as server:
        yield server


@pytest.fixture
async def pod_logs(logs: LogServer, tmp_path: Path) -> AsyncIterator[PodLogs]:
    async with Connection.open(Kubeconfig(write_kubeconfig(tmp_path / "kubeconfig", logs.url, "token"))) as connection:
        yield PodLogs(connection)


@pytest.fixture
def reader(pod_logs: PodLogs) -> LogReader:
    return LogReader(pod_logs)


@pytest.fixture
def limits() -> FollowLimits:
    return FollowLimits()


@pytest.fixture
async def readers(pods: Pods, pod_logs: PodLogs, reader: LogReader, limits: FollowLimits) -> AsyncIterator[Readers]:
    """Readers of the app's logs."""
    async with Follows.open(pod_logs, reader, pods.store, limits) as follows:
        yield Readers(pods.store, reader, follows, LogTarget(wire.NAMESPACE, WORKLOAD))
