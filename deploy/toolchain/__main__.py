"""The commands behind the Makefile: `python3 deploy/toolchain TASK`.

Standard library only, for any Python ≥ 3.11: this is what runs before anything is installed.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import checks
import debian
import devcluster
import node
import python_environment
from paths import BIN, PROJECT, WEB, WORK
from reporting import Stop, pass_through, say


def main() -> int:
    """Run one task; a `Stop` becomes one message and exit code 1."""
    parser = argparse.ArgumentParser(prog="make", description="Moorage's build commands")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--cluster", default="", help="'' or embedded, real, or the path of a kubeconfig")
    options, rest = parser.parse_known_args()
    os.chdir(PROJECT)
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell has what it runs in the background ignore the latter
        signal.signal(number, _interrupted)
    for stream in (sys.stdout, sys.stderr):  # a report is shown where it cannot be written letter by letter too
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return TASKS[options.task](options.cluster, rest) or 0
    except Stop as stop:
        print(f"\nmoorage: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def up(cluster: str, rest: list[str]) -> int:
    """Install what is missing and serve."""
    _install()
    env = python_environment.environment()
    command = [str(BIN / "moorage"), "up", *rest]
    if cluster in ("", "embedded"):
        os.execve(command[0], command, env)
    if cluster != "real":
        return _up_on(Path(cluster), command, env)
    debian.ensure("prometheus")
    with devcluster.started() as running:
        return _foreground(command, {**env, **devcluster.environment(running)})


def _up_on(kubeconfig: Path, command: list[str], env: dict[str, str]) -> int:
    if not kubeconfig.is_file():
        raise Stop(
            f"CLUSTER names the kubeconfig {kubeconfig}, and there is no such file. Other values: embedded, real"
        )
    os.execve(command[0], command, {**env, "MOORAGE_KUBECONFIG": str(kubeconfig.resolve())})


def _foreground(command: list[str], env: dict[str, str]) -> int:
    """A child that is told to stop when we are, and waited for: the cluster under it stops last."""
    with subprocess.Popen(command, env=env) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.send_signal(signal.SIGTERM)
            child.wait(30)
            return 130


def dev(_cluster: str, rest: list[str]) -> int:
    """The server with reload, and Vite's development server beside it."""
    python_environment.ensure(dev=True)
    web = node.install_packages()
    env = python_environment.environment()
    with subprocess.Popen(["npm", "run", "dev"], cwd=WEB, env=web) as vite:
        try:
            return _foreground([str(BIN / "moorage"), "up", "--reload", *rest], env)
        finally:
            vite.terminate()


def install(_cluster: str, _rest: list[str]) -> None:
    """Everything that `make up` needs, without serving."""
    _install()


def web(_cluster: str, _rest: list[str]) -> None:
    """Build the web app alone."""
    node.build()


def _install() -> None:
    python_environment.ensure()
    node.build()


def run_cluster(_cluster: str, _rest: list[str]) -> int:
    """The real Kubernetes alone, in the foreground; prints how to reach it."""
    python_environment.ensure()
    debian.ensure("prometheus")
    with devcluster.started() as running:
        print(f"\n  kubeconfig  {running.kubeconfig}\n  prometheus  {running.prometheus or 'none on this machine'}")
        print(f"\n  export KUBECONFIG={running.kubeconfig}\n\n  Ctrl+C stops it; its state is kept.", flush=True)
        signal.pause()
    return 0


def lint(_cluster: str, _rest: list[str]) -> None:
    """Format, lint, types and import contracts."""
    checks.lint()


def test(_cluster: str, rest: list[str]) -> None:
    """Every test."""
    checks.test(rest)


def bench(_cluster: str, rest: list[str]) -> int:
    """The benchmark tables."""
    python_environment.ensure(dev=True)
    programs = devcluster.build()
    env = {**python_environment.environment(), "MOORAGE_TEST_DEVCLUSTER": str(programs)}
    return pass_through(
        [BIN / "pytest", "-m", "bench", "-s", "--timeout=900", "tests/bench", *rest], cwd=PROJECT, env=env
    )


def schema(_cluster: str, _rest: list[str]) -> int:
    """Print the graph's SDL into graphql_schema/schema.graphql, and generate the web client from it."""
    python_environment.ensure(dev=True)
    web = node.install_packages()
    code = pass_through(
        [BIN / "python", "-m", "graphql_schema.print"], cwd=PROJECT, env=python_environment.environment()
    )
    return code or pass_through(["npm", "run", "--silent", "codegen"], cwd=WEB, env=web)


def format_code(_cluster: str, _rest: list[str]) -> int:
    """Format the Python code."""
    python_environment.ensure(dev=True)
    return pass_through([BIN / "ruff", "format", "."], cwd=PROJECT, env=python_environment.environment())


def clean(_cluster: str, _rest: list[str]) -> None:
    """Remove what was built and installed; data of the embedded database and cluster too."""
    for folder in (WORK, PROJECT / ".venv", WEB / "node_modules", WEB / "dist"):
        shutil.rmtree(folder, ignore_errors=True)
    say("removed .moorage, .venv, web/node_modules and web/dist")


TASKS = {
    "bench": bench, "clean": clean, "cluster": run_cluster, "dev": dev, "format": format_code,
    "install": install, "lint": lint, "schema": schema, "test": test, "up": up, "web": web,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
