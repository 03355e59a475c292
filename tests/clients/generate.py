"""`python -m tests.clients.generate` writes the Python client anew, from the schema as it is committed.

Its generator, ariadne-codegen, takes graphql-core below 3.3, and the server's own is newer: so it runs in an
environment of its own, which uv makes, and what it writes is committed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from graphql import build_schema, parse

from graphql_schema.print import SDL_FILE
from tests.clients.used import used

OPERATIONS = Path(__file__).with_name("operations.graphql")
FOLDER = Path(__file__).with_name("python")
SETTINGS = FOLDER / "ariadne-codegen.toml"
PACKAGE = "moorage_client"
USED_FILE = FOLDER / "used.txt"
"""What the client was generated from: it is stale once that is another."""
GENERATOR = "ariadne-codegen[subscriptions]==0.19.0"


def main() -> None:
    """Generate the client, and note what it was generated from."""
    with tempfile.TemporaryDirectory() as scratch:
        for file in (SDL_FILE, OPERATIONS, SETTINGS):
            shutil.copy(file, scratch)
        command = [
            str(Path(sys.executable).with_name("uv")),
            "tool",
            "run",
            "--python",
            sys.executable,
            "--from",
            GENERATOR,
            "ariadne-codegen",
        ]
        subprocess.run([*command, "--config", SETTINGS.name], cwd=scratch, check=True)
        shutil.rmtree(FOLDER / PACKAGE, ignore_errors=True)
        shutil.copytree(Path(scratch) / PACKAGE, FOLDER / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    USED_FILE.write_text("".join(f"{line}\n" for line in used_now()))


def used_now() -> list[str]:
    """What the client's operations use of the schema."""
    return used(build_schema(SDL_FILE.read_text()), parse(OPERATIONS.read_text()))


if __name__ == "__main__":
    main()
