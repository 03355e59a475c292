"""How the toolchain speaks: one line for each step, and one clear sentence when it cannot go on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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


def side_by_side(jobs: Sequence[Job], *, cwd: Path, logs: Path, at_once: int = 2) -> None:
    """Run all of them in this order, so many at a time, whichever fails; what one prints is shown once it has ended.

    Until then it is in a file of `logs`. Raises `Stop` with all that failed.
    """
    logs.mkdir(parents=True, exist_ok=True)
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="job")
    try:
        failed = [each for each in pool.map(partial(_failure, cwd=cwd, logs=logs), jobs) if each]
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        raise Stop("; ".join(failed))


def _failure(job: Job, *, cwd: Path, logs: Path) -> str | None:
    """Run it; what is to be said where it failed."""
    log = logs / f"{job.name.lower().replace(' ', '-')}.log"
    say(f"{job.name} (so far: {log})")
    started = time.monotonic()
    with log.open("w") as output:
        command = list(map(str, job.command))
        code = subprocess.call(command, cwd=cwd, env=dict(job.env), stdout=output, stderr=subprocess.STDOUT)
    took = time.monotonic() - started
    say(f"{job.name}: {'failed' if code else 'passed'} in {took:.0f} s\n{log.read_text(errors='replace')}")
    return f"{job.name} failed (exit code {code})" if code else None


def pass_through(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command in the foreground and give back its exit code."""
    sys.stdout.flush()
    return subprocess.call(list(map(str, command)), cwd=cwd, env=dict(env))
