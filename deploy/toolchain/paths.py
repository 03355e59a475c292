"""Where everything that the build makes is kept: inside the project's own folder."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / ".moorage"
"""Stamps, data and logs of this checkout; git ignores it."""
ENVIRONMENT = PROJECT / ".venv"
BIN = ENVIRONMENT / "bin"
PYTHON = BIN / "python"
WEB = PROJECT / "web"


def cache_dir() -> Path:
    """The folder for what is costly to build and alike for every checkout (the development cluster's binaries)."""
    named = os.environ.get("MOORAGE_CACHE_DIR")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "moorage"
