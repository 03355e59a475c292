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
from reporting import Job, Lanes, Stop, pass_through, say

POSTGRES15 = Path("/usr/lib/postgresql/15/bin")
GRAPH = "tests/graphql_schema"
CLIENTS = ("tests/e2e", "tests/clients")
DATABASE = (
    *(f"tests/api/{each}" for each in ("authentication", "database", "namespaces", "users", "webhooks")),
    *(f"tests/api/workloads/test_{each}.py" for each in ("promises", "repository", "volumes")),
)
"""What asks the database itself: tables, locks, notifications."""


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
    """Everything: checks, web tests, Python tests (with browser and real cluster)."""
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
    Lanes(*_python_tests(env), cwd=PROJECT, logs=WORK / "tests").run()


def _python_tests(env: dict[str, str]) -> list[list[Job]]:
    """All of them, in two lanes that take about as long: they keep two cores busy, as each waits for clusters and
    browsers a good part of its time. One lane has all that needs the real cluster, which takes half a core itself.

    The graph, and with it every service, and what asks the database itself have the oldest PostgreSQL that is
    supported; all but the graph has the newest.
    """
    others: list[str | Path] = [BIN / "pytest", *(f"--ignore={each}" for each in (GRAPH, *CLIENTS)), "-m"]
    real, embedded = ([*others, f"{which} and not bench"] for which in ("devcluster", "not devcluster"))
    return [
        [
            Job("Tests on the real cluster", real, env),
            Job("Tests of the browser and of clients", [BIN / "pytest", *CLIENTS], env),
        ],
        [
            _tests_on_postgres15(env),
            Job("Tests of the services", embedded, env),
        ],
    ]


def _tests_on_postgres15(env: dict[str, str]) -> Job:
    name = "Tests of the graph"
    graph: list[str | Path] = [BIN / "pytest", "-m", "not devcluster and not bench", GRAPH]
    if (POSTGRES15 / "postgres").exists():
        return Job(
            f"{name} and the database", [*graph, *DATABASE], {**env, "MOORAGE_TEST_POSTGRES_BIN": str(POSTGRES15)}
        )
    if os.environ.get("CI") == "true":
        raise Stop("PostgreSQL 15 is missing: apt-get install postgresql-15")
    say("PostgreSQL 15 is not installed: all tests run on the embedded one")
    return Job(name, graph, env)


def _check(name: str, command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> None:
    say(name)
    started = time.monotonic()
    if code := pass_through(command, cwd=cwd, env=env):
        raise Stop(f"{name} failed (exit code {code})")
    say(f"{name}: passed in {time.monotonic() - started:.0f} s")
