"""Programs that only the operating system packages: installed as root on Debian, else their tests are left out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from reporting import say

PACKAGES = {"chromium": "chromium", "prometheus": "prometheus", "/usr/lib/postgresql/15/bin/postgres": "postgresql-15"}
"""Program → Debian package."""


def ensure(*programs: str) -> None:
    """Install what is missing where that is allowed; what stays missing makes its tests skip with the reason."""
    missing = [PACKAGES[program] for program in programs if shutil.which(program) is None]
    if not missing or not _may_install():
        return
    say(f"installing {', '.join(missing)} (Debian)")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"{' '.join(command[:2])} failed: {done.stderr.strip().splitlines()[-1:]}")
            return


def _may_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None
