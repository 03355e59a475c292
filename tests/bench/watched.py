"""`moorage up` with somebody who looks at its event loop: `python -m tests.bench.watched`.

It prints what `moorage up` prints, and for each line that it reads how long its loop kept others waiting since.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from api.cli import _listen, _serve
from api.eventloop import run
from api.monitoring import logs
from api.settings import Settings
from tests.bench.turns import Turns, Watch

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30


@contextmanager
def watched_up(data: Path, **settings: str) -> Iterator[tuple[str, psutil.Process, Callable[[], Turns]]]:
    """The link for the first administrator, the process, and what asks for the turns of its loop."""
    ours = {"MOORAGE_DATA_DIR": str(data), "MOORAGE_WEB_DIR": str(ROOT / "web" / "dist"), "MOORAGE_PORT": "0"}
    command = [sys.executable, "-m", "tests.bench.watched"]
    pipe, environment = subprocess.PIPE, {**os.environ, **ours, **settings}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        lines, asked = iter(server.stdout), server.stdin

        def turns() -> Turns:
            print(file=asked, flush=True)
            return msgspec.json.decode(next(line for line in lines if line.startswith("{")), type=Turns)

        try:
            link = next(found[0] for line in lines if (found := re.search(r"http://\S+/register\?token=\S+", line)))
            yield link, psutil.Process(server.pid), turns
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


async def main() -> None:
    settings = Settings()
    logs.configure(level=settings.log_level, style=settings.log_style)
    watch = Watch()

    async def answer() -> None:
        while await asyncio.to_thread(sys.stdin.readline):
            print(msgspec.json.encode(watch.told()).decode(), flush=True)

    with _listen(settings) as listener, watch.watching():
        answering = asyncio.create_task(answer(), name="turns")
        await _serve(settings, listener)
        answering.cancel()


if __name__ == "__main__":
    run(main())
