"""`make lint` and `make test`: every check of the project, in the order in which they are cheapest to fail."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import debian
import devcluster
import node
import python_environment
from paths import BIN, PROJECT, WEB, WORK
from reporting import Job, Stop, pass_through, say, side_by_side

POSTGRES15 = Path("/usr/lib/postgresql/15/bin")
GRAPH = "tests/graphql_schema"
CLIENTS = ("tests/e2e", "tests/clients")
EVERY_POSTGRES = ("tests/api/database", "tests/api/users", "tests/api/authentication")
"""What asks the database itself and hears of its failures: tested on the newest and on the oldest that is supported."""


def lint() -> None:
    """Format, lint, strict types, import contracts; Python and web."""
    python_environment.ensure(dev=True)
    env = python_environment.environment()
    _check("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."], PROJECT, env)
    _check("ruff", [BIN / "ruff", "check", "--quiet", "."], PROJECT, env)
    _check("mypy", [BIN / "mypy"], PROJECT, env)
    _check("import contracts", [BIN / "lint-imports", "--no-cache"], PROJECT, env)
    web = node.install_packages()
    _check("web types and lint", ["npm", "run", "--silent", "lint"], WEB, web)


def test(arguments: Sequence[str]) -> None:
    """Everything: checks, web tests, Python tests (with browser and real cluster), and PostgreSQL 15 in CI."""
    debian.ensure("chromium", "prometheus", str(POSTGRES15 / "postgres"))
    lint()
    web = node.install_packages()
    _check("web tests", ["npm", "run", "--silent", "test"], WEB, web)
    node.build()
    programs = devcluster.build()
    env = {**python_environment.environment(), "MOORAGE_TEST_DEVCLUSTER": str(programs)}
    if arguments:
        _check("Python tests", [BIN / "pytest", *arguments], PROJECT, env)
        return
    side_by_side(_python_tests(env), cwd=PROJECT, logs=WORK / "tests")


def _python_tests(env: dict[str, str]) -> list[Job]:
    """Every test once, in parts that take about as long: two at a time keep two cores busy, where each waits for
    clusters and browsers a good part of its time. One real cluster at a time, as that alone takes half a core.

    Services run on the oldest PostgreSQL that is supported where they have the embedded cluster, and on the newest
    below the real one, the graph and the browser.
    """
    services: list[str | Path] = [BIN / "pytest", *(f"--ignore={each}" for each in (GRAPH, *CLIENTS)), "-m"]
    return [
        Job("Tests on the real cluster", [*services, "devcluster and not bench"], env),
        Job("Tests of the graph", [BIN / "pytest", GRAPH, *EVERY_POSTGRES], env),
        Job("Tests of the services", [*services, "not devcluster and not bench"], _on_postgres15(env)),
        Job("Tests of the browser and of clients", [BIN / "pytest", *CLIENTS], env),
    ]


def _on_postgres15(env: dict[str, str]) -> dict[str, str]:
    if (POSTGRES15 / "postgres").exists():
        return {**env, "MOORAGE_TEST_POSTGRES_BIN": str(POSTGRES15)}
    if os.environ.get("CI") == "true":
        raise Stop("PostgreSQL 15 is missing: apt-get install postgresql-15")
    say("PostgreSQL 15 is not installed: all tests run on the embedded one")
    return env


def _check(name: str, command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> None:
    say(name)
    started = time.monotonic()
    if code := pass_through(command, cwd=cwd, env=env):
        raise Stop(f"{name} failed (exit code {code})")
    say(f"{name}: passed in {time.monotonic() - started:.0f} s")
