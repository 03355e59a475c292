"""The `devcluster` fixture: a real Kubernetes API server, started once for the whole run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

STOP_SECONDS = 30


@dataclass(frozen=True)
class DevCluster:
    """A running cluster and what is beside it."""

    kubeconfig: Path
    server: str
    kubectl: Path
    kwok_metrics: str
    prometheus: str | None
    pid: int


def programs() -> Path:
    """The folder of the built programs, by MOORAGE_TEST_DEVCLUSTER (`make test` sets it).

    Without it the tests skip, except in CI, where nothing may be left out.
    """
    named = os.environ.get("MOORAGE_TEST_DEVCLUSTER")
    if named:
        return Path(named)
    reason = "MOORAGE_TEST_DEVCLUSTER names no build of deploy/devcluster: `make test` makes one"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], DevCluster]]:
    """One cluster on a folder, stopped at the end; `--attached` ends it with this process however that ends."""
    command = [str(programs() / "devcluster"), "up", "--dir", str(folder), "--attached", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                pytest.fail(f"the development cluster did not start: {process.stderr.read() if process.stderr else ''}")
            yield process, _described(json.loads(line), process.pid)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def _described(told: dict[str, str], pid: int) -> DevCluster:
    return DevCluster(
        kubeconfig=Path(told["kubeconfig"]),
        server=told["server"],
        kubectl=Path(told["kubectl"]),
        kwok_metrics=told["kwok_metrics"],
        prometheus=told.get("prometheus"),
        pid=pid,
    )


@pytest.fixture(scope="session")
def devcluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevCluster]:
    """The cluster of the whole run, with a Prometheus beside it where the machine has one."""
    prometheus = shutil.which("prometheus")
    options = ["--prometheus", prometheus] if prometheus else []
    with running(tmp_path_factory.mktemp("devcluster"), *options) as (_, cluster):
        yield cluster
