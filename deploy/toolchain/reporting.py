"""How the toolchain speaks: one line for each step, and one clear sentence when it cannot go on."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Stop(Exception):
    """The work cannot go on; the message says why and names the setting or command that mends it."""


def say(line: str) -> None:
    """One line of progress."""
    print(f"· {line}", flush=True)


def run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], what: str) -> None:
    """Run a command quietly; raises `Stop` with the end of its output when it fails."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise Stop(f"{what} failed (exit code {done.returncode}):\n{tail}")


@dataclass(frozen=True)
class Job:
    """A command that runs beside others, and what it is called."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]


class Others:
    """Jobs that run one after the other on a thread; what they print is kept until each has ended."""

    def __init__(self, jobs: Sequence[Job], cwd: Path) -> None:
        self._jobs = jobs
        self._cwd = cwd
        self._running: subprocess.Popen[str] | None = None
        self._stopped = False
        self._failed: list[str] = []
        self._thread = threading.Thread(target=self._run, name="jobs")

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Wait for all of them. Raises `Stop` where one has failed."""
        self._thread.join()
        if self._failed:
            raise Stop("; ".join(self._failed))

    def stop(self) -> None:
        """End the one that runs, and begin no more."""
        self._stopped = True
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
        self._thread.join()

    def _run(self) -> None:
        for job in self._jobs:
            if not self._stopped:
                self._do(job)

    def _do(self, job: Job) -> None:
        started = time.monotonic()
        command = list(map(str, job.command))
        pipe, both = subprocess.PIPE, subprocess.STDOUT
        with subprocess.Popen(
            command, cwd=self._cwd, env=dict(job.env), stdout=pipe, stderr=both, text=True
        ) as self._running:
            printed, _ = self._running.communicate()
        code, took = self._running.returncode, time.monotonic() - started
        if code:
            self._failed.append(f"{job.name} failed (exit code {code})")
        say(f"{job.name}: {'failed' if code else 'passed'} in {took:.0f} s\n{printed}")


@contextmanager
def beside(jobs: Sequence[Job], *, cwd: Path) -> Iterator[Others]:
    """Run jobs while the block runs; whoever leaves it by an error ends them."""
    others = Others(jobs, cwd)
    others.start()
    try:
        yield others
    finally:
        others.stop()


def pass_through(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command in the foreground and give back its exit code."""
    sys.stdout.flush()
    return subprocess.call(list(map(str, command)), cwd=cwd, env=dict(env))
