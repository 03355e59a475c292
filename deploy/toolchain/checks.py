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
from paths import BIN, PROJECT, WEB
from reporting import Job, Stop, beside, pass_through, say

BESIDE = ("tests/e2e", "tests/clients")
"""Tests that run beside all others, before those on PostgreSQL 15 do: they wait for pages most of the time. Not those
on the real cluster, though that would take a third less: on two cores, others' clusters then answer too late."""
POSTGRES15 = Path("/usr/lib/postgresql/15/bin")


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
    rest: list[str | Path] = [BIN / "pytest", *(f"--ignore={each}" for each in BESIDE)]
    with beside([_browser_tests(env), *_tests_on_postgres15(env)], cwd=PROJECT) as others:
        _check("Python tests but those of the browser and of clients", rest, PROJECT, env)
        others.finish()


def _browser_tests(env: dict[str, str]) -> Job:
    return Job("Tests of the browser and of clients", [BIN / "pytest", *BESIDE], env)


def _tests_on_postgres15(env: dict[str, str]) -> list[Job]:
    """The tests that touch the database once more, on the oldest PostgreSQL that is supported."""
    if not (POSTGRES15 / "postgres").exists():
        if os.environ.get("CI") == "true":
            raise Stop("PostgreSQL 15 is missing: apt-get install postgresql-15")
        say("PostgreSQL 15 is not installed: its run is left out")
        return []
    folders = ["database", "users", "authentication", "namespaces", "workloads"]
    tests = [PROJECT / "tests" / "api" / name for name in folders]
    command: list[str | Path] = [BIN / "pytest", "-m", "not devcluster and not browser", *tests]
    return [Job("Python tests on PostgreSQL 15", command, {**env, "MOORAGE_TEST_POSTGRES_BIN": str(POSTGRES15)})]


def _check(name: str, command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> None:
    say(name)
    started = time.monotonic()
    if code := pass_through(command, cwd=cwd, env=env):
        raise Stop(f"{name} failed (exit code {code})")
    say(f"{name}: passed in {time.monotonic() - started:.0f} s")
