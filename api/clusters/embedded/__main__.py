"""`python -m api.clusters.embedded [--data DIR] [--pace N]`: one on its own, until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

from .cluster import EmbeddedCluster


async def serve(data: Path | None, pace: float) -> None:
    """Prints the address and token, and the kubeconfig as JSON, which is YAML too."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with EmbeddedCluster.open(data, pace=pace) as cluster:
        lines = (f"url: {cluster.url}", f"token: {cluster.token}", f"kubeconfig: {json.dumps(cluster.kubeconfig())}")
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api.clusters.embedded", description=__doc__)
    parser.add_argument("--data", type=Path, help="directory in which objects are kept (default: nowhere)")
    parser.add_argument("--pace", type=float, default=1.0, help="scale of the visible durations (default: 1.0)")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.data, arguments.pace))


if __name__ == "__main__":
    main()
