"""Where everything that the build makes is kept: inside the project's own folder."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / ".moorage"
"""Stamps, data and logs of this checkout; git ignores it."""
ENVIRONMENT = PROJECT / ".venv"
BIN = ENVIRONMENT / "bin"
PYTHON = BIN / "python"
WEB = PROJECT / "web"
