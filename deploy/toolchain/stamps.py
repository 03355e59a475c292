"""What was built from which content: a step runs again only when the files it reads have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from paths import WORK


def digest(files: Iterable[Path], *extra: str) -> str:
    """A hash over names and contents of files (folders are walked), and of anything else that matters."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(_walk(files)):
        total.update(str(path).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _walk(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file())
        elif path.exists():
            yield path


def is_current(step: str, value: str) -> bool:
    """Whether `step` was last finished with this hash."""
    stamp = _stamp(step)
    return stamp.exists() and stamp.read_text() == value


def finish(step: str, value: str) -> None:
    """Record that `step` is finished with this hash."""
    _stamp(step).parent.mkdir(parents=True, exist_ok=True)
    _stamp(step).write_text(value)


def _stamp(step: str) -> Path:
    return WORK / "stamps" / step
