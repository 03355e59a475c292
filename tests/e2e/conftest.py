"""A served Moorage and a Chromium that looks at it; what a page logs as an error fails the test that opened it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.devcluster_fixture import DevCluster
from tests.e2e.gallery import Gallery
from tests.moorage_process import moorage_up

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


@pytest.fixture
def embedded_address(tmp_path: Path) -> Iterator[str]:
    """Moorage where nothing is configured."""
    with moorage_up(tmp_path) as address:
        yield address


@pytest.fixture
def real_address(tmp_path: Path, devcluster: DevCluster) -> Iterator[str]:
    """Moorage on the real API server, with the real Prometheus where the machine has one."""
    prometheus = {"MOORAGE_PROMETHEUS_URL": devcluster.prometheus} if devcluster.prometheus else {}
    with moorage_up(tmp_path, MOORAGE_KUBECONFIG=str(devcluster.kubeconfig), **prometheus) as address:
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
    told = "\n".join(errors)
    await context.close()  # what is still being loaded fails then
    assert "" == told


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with opened(browser) as page:
        yield page


@pytest.fixture
def gallery(page: Page) -> Iterator[Gallery]:
    """Looks at the page where a test asks it to; what it finds wrong fails the test."""
    looking = Gallery(page)
    yield looking
    assert "" == looking.told()
