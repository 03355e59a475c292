"""The project's own virtual environment, filled from the lock files (every file checked by its hash)."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import stamps
from paths import BIN, ENVIRONMENT, PROJECT, PYTHON
from reporting import Stop, run, say

LOCKS = Path(__file__).parent / "locks"
MINIMUM = (3, 11)


def ensure(*, dev: bool = False) -> None:
    """The environment with the product's packages, and the tests' and linters' when `dev`."""
    _ensure_environment()
    _install("dev" if dev or _is_installed("dev") else "runtime")


def ensure_tool(name: str) -> None:
    """One more locked set into the environment: `node` or `go`, each a toolchain as wheels."""
    _install(name)


def environment() -> dict[str, str]:
    """The variables for what runs inside the environment."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(ENVIRONMENT)}


def _ensure_environment() -> None:
    if sys.version_info < MINIMUM:
        raise Stop(
            f"Moorage needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}. "
            "Name another one: make up PYTHON=/path/to/python3.11"
        )
    if PYTHON.exists() and _works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            f"{sys.executable} has no ensurepip, so it cannot make a virtual environment. On Debian and Ubuntu: "
            "apt-get install python3-venv. Or name another Python: make up PYTHON=/path/to/python3"
        )
    say(f"making the Python environment in {ENVIRONMENT.relative_to(PROJECT)}")
    run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], cwd=PROJECT, env=os.environ, what="python -m venv")


def _works() -> bool:
    """An environment whose base Python has gone is made anew."""
    return subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0


def _is_installed(lock: str) -> bool:
    """Whether a lock is installed already, in its present form."""
    return stamps.is_current(f"python-{lock}", _digest(lock))


def _digest(lock: str) -> str:
    made_at = str(PYTHON.stat().st_ctime_ns) if PYTHON.exists() else ""
    return stamps.digest([LOCKS / f"{lock}.txt", PROJECT / "pyproject.toml"], made_at)


def _install(lock: str) -> None:
    if _is_installed(lock):
        return
    say(f"installing Python packages ({lock})")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    locked = ["--require-hashes", "--no-deps", "-r", str(LOCKS / f"{lock}.txt")]
    run([*pip, *locked], cwd=PROJECT, env=environment(), what="pip install")
    if lock in ("runtime", "dev"):
        _link_project()
    stamps.finish(f"python-{lock}", _digest(lock))


def _link_project() -> None:
    """Put the checkout on the environment's path, and the `moorage` command beside its Python.

    What an editable install does, without a build backend to download.
    """
    [site] = list((ENVIRONMENT / "lib").glob("python3.*/site-packages"))
    (site / "moorage.pth").write_text(f"{PROJECT}\n")
    command = BIN / "moorage"
    command.write_text(f"#!{PYTHON}\nimport sys\nfrom api.cli import main\nsys.exit(main())\n")
    command.chmod(0o755)
