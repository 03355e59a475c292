"""Node, for what has to be said by JavaScript itself."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

PACKAGES = Path(__file__).parents[1] / "web" / "node_modules"
"""What the web app has installed."""


@pytest.fixture(scope="session")
def node() -> str:
    """The machine's Node, or the one in the environment that runs the tests."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    return found if found is not None else _missing("node")


@pytest.fixture(scope="session")
def node_packages(node: str) -> Path:
    """The folder of the web app's packages, for `node` to take some from."""
    return PACKAGES if (PACKAGES / "graphql").is_dir() else _missing("web/node_modules")


def _missing(what: str) -> NoReturn:
    message = f"there is no {what}: `make test` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
