"""How the development cluster begins and ends: nothing is left behind, and what was stored is kept."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.devcluster.kubectl import Kubectl
from tests.devcluster_fixture import programs, running

pytestmark = pytest.mark.devcluster

SECONDS = 30


def terminate(process: subprocess.Popen[str]) -> None:
    process.terminate()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()


def let_go(process: subprocess.Popen[str]) -> None:
    """What becomes of `--attached` when whoever started it dies."""
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.parametrize("end", [terminate, kill, let_go])
def test_no_part_outlives_its_supervisor(tmp_path: Path, end: Callable[[subprocess.Popen[str]], None]) -> None:
    with running(tmp_path) as (process, _):
        parts = psutil.Process(process.pid).children(recursive=True)

        end(process)

        process.wait(SECONDS)
        left = psutil.wait_procs(parts, timeout=SECONDS)[1]
    assert len(parts) >= 5
    assert [] == left


def test_a_folder_keeps_its_objects_over_a_kill(tmp_path: Path) -> None:
    with running(tmp_path) as (process, cluster):
        kubectl = Kubectl(cluster, "default")
        kubectl("create", "configmap", "kept", "--from-literal=port=8080")
        kubectl("create", "configmap", "last")  # etcd, moved to other ports, drops what it had not marked as committed
        process.kill()
        process.wait(SECONDS)

    with running(tmp_path) as (_, again):
        kept = Kubectl(again, "default")("get", "configmap", "kept", "-o", "jsonpath={.data.port}")

    assert "8080" == kept


def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path):
        second = subprocess.run(
            [programs() / "devcluster", "up", "--dir", tmp_path],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    assert 1 == second.returncode
    assert f"another devcluster runs on {tmp_path}: stop it, or name another --dir" in second.stderr


def test_a_cluster_without_nodes_is_refused(tmp_path: Path) -> None:
    none = subprocess.run(
        [programs() / "devcluster", "up", "--dir", tmp_path, "--nodes", "0"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert 1 == none.returncode
    assert "--nodes" in none.stderr
