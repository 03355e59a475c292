"""Moorage as a developer starts it: `moorage up` in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 30

_PROGRAM = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(['up', '--port', '0']))"]


@contextmanager
def moorage_up(data: Path, **settings: str) -> Iterator[str]:
    """`moorage up` on a free port, its data in `data`; gives the link that it prints for the first administrator."""
    ours = {"MOORAGE_DATA_DIR": str(data), "MOORAGE_WEB_DIR": str(ROOT / "web" / "dist")}
    environment = {**os.environ, **ours, **settings}
    with subprocess.Popen(_PROGRAM, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stdout or ())
            yield next(found[0] for line in lines if (found := re.search(r"http://\S+/register\?token=\S+", line)))
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)
