"""The real Kubernetes of deploy/devcluster: built where needed, started for as long as something runs on it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import golang
from paths import PROJECT, PYTHON, WORK
from reporting import Stop, say

STOP_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A started cluster: its kubeconfig, and the Prometheus beside it where the machine has one."""

    kubeconfig: Path
    prometheus: str | None


def build() -> Path:
    """The folder with the cluster's programs; the first build takes some minutes and says so."""
    go = golang.ensure()
    command = [str(PYTHON), str(PROJECT / "deploy" / "devcluster" / "build.py"), "--go", go]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as builder:
        last = ""
        for line in builder.stdout or ():
            last = line.strip()
            if not last.startswith("/"):
                print(last, flush=True)
    if builder.returncode:
        raise Stop("the development cluster could not be built; the lines above say why")
    return Path(last)


@contextmanager
def started() -> Iterator[Running]:
    """The cluster, kept in `.moorage/devcluster` between runs, stopped at the end."""
    programs = build()
    say("starting Kubernetes (API server, controllers, scheduler, simulated nodes)")
    command = [str(programs / "devcluster"), "up", "--dir", str(WORK / "devcluster"), "--attached"]
    prometheus = shutil.which("prometheus")
    if prometheus:
        command += ["--prometheus", prometheus]
    pipe = subprocess.PIPE  # held open: `--attached` ends the cluster with us, even when we are killed
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True)
    try:
        yield _ready(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


def _ready(process: subprocess.Popen[str]) -> Running:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise Stop(f"the development cluster did not start; its logs are in {WORK / 'devcluster' / 'logs'}")
    told = json.loads(line)
    return Running(Path(told["kubeconfig"]), told.get("prometheus"))


def environment(running: Running) -> dict[str, str]:
    """The settings by which Moorage uses this cluster."""
    env = {**os.environ, "MOORAGE_KUBECONFIG": str(running.kubeconfig)}
    if running.prometheus and "MOORAGE_PROMETHEUS_URL" not in env:
        env["MOORAGE_PROMETHEUS_URL"] = running.prometheus
    return env
