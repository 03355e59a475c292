"""A served Moorage and a Chromium that looks at it; what a page logs as an error fails the test that opened it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.devcluster_fixture import DevCluster

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STOP_SECONDS = 30
ROOT = Path(__file__).parents[2]


@contextmanager
def served(data: Path, **settings: str) -> Iterator[str]:
    """`moorage up` on a free port; gives the link that it prints for the first administrator."""
    program = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(['up', '--port', '0']))"]
    ours = {"MOORAGE_DATA_DIR": str(data), "MOORAGE_WEB_DIR": str(ROOT / "web" / "dist")}
    environment = {**os.environ, **ours, **settings}
    with subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stdout or ())
            yield next(found[0] for line in lines if (found := re.search(r"http://\S+/register\?token=\S+", line)))
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


@pytest.fixture
def embedded_address(tmp_path: Path) -> Iterator[str]:
    """Moorage where nothing is configured."""
    with served(tmp_path) as address:
        yield address


@pytest.fixture
def real_address(tmp_path: Path, devcluster: DevCluster) -> Iterator[str]:
    """Moorage on the real API server, with the real Prometheus where the machine has one."""
    prometheus = {"MOORAGE_PROMETHEUS_URL": devcluster.prometheus} if devcluster.prometheus else {}
    with served(tmp_path, MOORAGE_KUBECONFIG=str(devcluster.kubeconfig), **prometheus) as address:
        yield address


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium. Without it the tests skip, except in CI, where nothing may be left out."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        await running.close()


@asynccontextmanager
async def opened(browser: Browser, *, width: int = 1280) -> AsyncIterator[Page]:
    """A page of a profile of its own, which must stay without an error of its console."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert "" == "\n".join(errors)


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with opened(browser) as page:
        yield page
