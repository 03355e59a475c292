"""How the toolchain speaks: one line for each step, and one clear sentence when it cannot go on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
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


def pass_through(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command in the foreground and give back its exit code."""
    sys.stdout.flush()
    return subprocess.call(list(map(str, command)), cwd=cwd, env=dict(env))
