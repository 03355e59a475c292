"""The `moorage` command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30


def test_the_process_that_reload_starts_writes_its_logs(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from api.cli import main; main(['up', '--reload', '--port', '0'])"]
    ours = {"MOORAGE_DATA_DIR": str(tmp_path), "MOORAGE_ENVIRONMENT": "production"}
    with subprocess.Popen(program, cwd=ROOT, env={**os.environ, **ours}, stderr=subprocess.PIPE, text=True) as running:
        try:
            told = (json.loads(line)["message"] for line in running.stderr or () if line.startswith("{"))
            assert "Application startup complete." in told
        finally:
            running.terminate()
            running.wait(STOP_SECONDS)
