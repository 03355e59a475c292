"""The main job in a browser, with real clicks, on the embedded cluster and on the real API server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

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
ROLLOUT_MS = 60_000
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.devcluster)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The link that `moorage up` prints for the first administrator."""
    settings = {"MOORAGE_DATA_DIR": str(tmp_path), "MOORAGE_WEB_DIR": str(ROOT / "web" / "dist")}
    if request.param == "real":
        cluster: DevCluster = request.getfixturevalue("devcluster")
        settings["MOORAGE_KUBECONFIG"] = str(cluster.kubeconfig)
        if cluster.prometheus is not None:
            settings["MOORAGE_PROMETHEUS_URL"] = cluster.prometheus
    program = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(['up', '--port', '0']))"]
    environment = {**os.environ, **settings}
    with subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stdout or ())
            yield next(found[0] for line in lines if (found := re.search(r"http://\S+/register\?token=\S+", line)))
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


@pytest.mark.browser
async def test_an_app_is_deployed_watched_scaled_rolled_back_and_deleted(address: str) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))

        await register(page, address)
        await deploy(page)
        await change(page)
        await remove(page)

        await browser.close()
    assert [] == errors


async def register(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("Name").fill("Ada")
    await page.get_by_label("E-mail").fill("ada@example.com")
    await page.locator("input[name=password]").fill("harbour-cedar-violin")
    await page.get_by_role("button", name="Create an account").click()
    await page.get_by_label("New namespace").fill("shop")
    await page.get_by_role("button", name="Create namespace").click()


async def deploy(page: Page) -> None:
    await page.get_by_role("link", name="New app").click()
    await page.get_by_label("Image").fill("ghcr.io/ada/engine:1.4")
    await page.get_by_label("Replicas").fill("3")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_text("Deployment engine: create")).to_be_visible()
    await page.get_by_role("button", name="Deploy").click()
    await expect(page.get_by_label("Ready pods")).to_have_text("0/3")
    await expect(page.get_by_label("Ready pods")).to_have_text("3/3", timeout=ROLLOUT_MS)
    await expect(page.get_by_text("Deployed", exact=True)).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("CPU over time"))).to_be_visible(timeout=ROLLOUT_MS)


async def change(page: Page) -> None:
    await page.get_by_label("Replicas").fill("4")
    await page.get_by_role("button", name="Scale").click()
    await expect(page.get_by_label("Ready pods")).to_have_text("4/4", timeout=ROLLOUT_MS)
    await page.get_by_role("tab", name="revisions").click()
    await page.get_by_role("button", name="Roll back to 1").click()
    await expect(page.get_by_text("Revision 3 (current)")).to_be_visible(timeout=ROLLOUT_MS)
    await page.get_by_role("tab", name="overview").click()
    await expect(page.get_by_label("Ready pods")).to_have_text("3/3", timeout=ROLLOUT_MS)


async def remove(page: Page) -> None:
    await page.get_by_label(re.compile("Type engine to delete")).fill("engine")
    await page.get_by_role("button", name="Delete app").click()
    await expect(page.get_by_text("No app runs here yet")).to_be_visible()
