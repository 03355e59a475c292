"""How the toolchain speaks: one line for each step, and one clear sentence when it cannot go on."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

END_SECONDS = 60
"""For a job that is interrupted to end its servers."""


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


class Lanes:
    """Jobs that run side by side: one of each lane at a time, in its order, whichever fails.

    What a job prints is shown once it has ended; until then it is in a file of `logs`.
    """

    def __init__(self, *lanes: Sequence[Job], cwd: Path, logs: Path) -> None:
        self._lanes = lanes
        self._cwd = cwd
        self._logs = logs
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False
        self._lock = threading.Lock()

    def run(self) -> None:
        """Raises `Stop` with all that failed. Whoever is interrupted meanwhile ends what runs."""
        shutil.rmtree(self._logs, ignore_errors=True)
        self._logs.mkdir(parents=True)
        with ThreadPoolExecutor(len(self._lanes), thread_name_prefix="lane") as pool:
            lanes = [pool.submit(self._run_lane, each) for each in self._lanes]
            try:
                failed = [failure for lane in lanes for failure in lane.result()]
            except BaseException:
                self._end()
                raise
        if failed:
            raise Stop("; ".join(failed))

    def _run_lane(self, jobs: Sequence[Job]) -> list[str]:
        """What is to be said of those that failed."""
        return [failure for job in jobs if (failure := self._run_job(job))]

    def _run_job(self, job: Job) -> str | None:
        log = self._logs / f"{job.name.lower().replace(' ', '-')}.log"
        started = time.monotonic()
        try:
            with log.open("wb") as output:
                process = self._begin(job, output)
        except OSError as error:
            return f"{job.name} could not be started: {error}"
        if process is None:
            return None
        say(f"{job.name} (so far: {log})")
        code = process.wait()
        self._running.discard(process)
        took = time.monotonic() - started
        say(f"{job.name}: {'failed' if code else 'passed'} in {took:.0f} s\n{log.read_text(errors='replace')}")
        return f"{job.name} failed (exit code {code})" if code else None

    def _begin(self, job: Job, output: BinaryIO) -> subprocess.Popen[bytes] | None:
        """None once all is to end."""
        command = list(map(str, job.command))
        with self._lock:
            if self._ended:
                return None
            process = subprocess.Popen(
                command,
                cwd=self._cwd,
                env=dict(job.env),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl+C reaches it through us alone: twice, it would cut its own end short
            )
            self._running.add(process)
            return process

    def _end(self) -> None:
        """Interrupt what runs, so that it ends what it has started; and begin no more."""
        with self._lock:
            self._ended = True
            running = tuple(self._running)
        for process in running:
            process.send_signal(signal.SIGINT)
        for process in running:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def pass_through(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command in the foreground and give back its exit code."""
    sys.stdout.flush()
    return subprocess.call(list(map(str, command)), cwd=cwd, env=dict(env))
