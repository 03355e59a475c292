"""Which build of Moorage this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def build() -> str:
    """The version of the installed distribution; `source` where it runs from a checkout."""
    try:
        return version("moorage")
    except PackageNotFoundError:
        return "source"
