"""A client in TypeScript that is generated from the published schema, by the tools that others use."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Installation

CLIENT = Path(__file__).with_name("typescript")
OPERATIONS = Path(__file__).with_name("operations.graphql")
SECONDS = 120


@pytest.fixture
def project(tmp_path: Path, node_packages: Path, installation: Installation) -> Path:
    """The client's folder, as a third party has it."""
    shutil.copytree(CLIENT, tmp_path, dirs_exist_ok=True)
    shutil.copy(OPERATIONS, tmp_path)
    (tmp_path / "schema.graphql").write_text(installation.schema())
    (tmp_path / "node_modules").symlink_to(node_packages)
    return tmp_path


async def ran(project: Path, *command: str, **environment: str) -> str:
    """What a command prints; it has to succeed."""
    running = await asyncio.create_subprocess_exec(
        *command,
        cwd=project,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        printed, complaints = await running.communicate()
    assert running.returncode == 0, printed.decode() + complaints.decode()
    return printed.decode()


async def test_it_is_generated_compiles_strictly_and_deploys_an_app_until_it_is_up(
    project: Path, node: str, installation: Installation
) -> None:
    await ran(project, node, "node_modules/@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.json")
    await ran(project, node, "node_modules/typescript/bin/tsc", "--project", "tsconfig.json")

    printed = await ran(
        project, node, "built/deploy.js", installation.address, "tide", MOORAGE_TOKEN=installation.token
    )

    report: dict[str, Any] = json.loads(printed)
    assert ("Ada", 1, "READY") == (report["viewer"], report["revision"], report["phases"][-1])
    assert [("InvalidInputError", ["workload", "name"])] == [(e["type"], e["path"]) for e in report["refused"]]
    assert report["refused"][0]["example"]
    assert "UNAUTHENTICATED" == report["unknown"]
