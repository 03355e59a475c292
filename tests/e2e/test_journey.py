"""The main job in a browser, with real clicks, on the embedded cluster and on the real API server."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.steps import CHART_MS, ROLLOUT_MS, ready_pods

pytestmark = pytest.mark.browser


async def test_an_app_is_deployed_watched_scaled_rolled_back_and_deleted(page: Page, embedded_address: str) -> None:
    await journey(page, embedded_address)


@pytest.mark.devcluster
@pytest.mark.prometheus
async def test_the_same_on_the_real_api_server(page: Page, real_address: str) -> None:
    await journey(page, real_address)


async def journey(page: Page, address: str) -> None:
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4", replicas=3)
    await expect(page.get_by_text("Deployment/engine")).to_be_visible()
    await steps.deploy(page)
    await page.evaluate("window.isSamePage = true")
    await expect(ready_pods(page)).to_have_text("0/3")
    await expect(ready_pods(page)).to_have_text("3/3", timeout=ROLLOUT_MS)
    await expect(page.get_by_text("Deployed", exact=True)).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("CPU"))).to_be_visible(timeout=CHART_MS)

    await steps.scale(page, replicas=4)
    await expect(ready_pods(page)).to_have_text("4/4", timeout=ROLLOUT_MS)
    await steps.roll_back(page, revision=1)
    await expect(page.get_by_label("Revision 3").get_by_text("current")).to_be_visible(timeout=ROLLOUT_MS)
    await page.get_by_role("link", name="Overview").click()
    await expect(ready_pods(page)).to_have_text("3/3", timeout=ROLLOUT_MS)

    await steps.delete_app(page, "engine")
    await expect(page.get_by_text("No app runs here now")).to_be_visible()
    assert await page.evaluate("window.isSamePage"), "the page was loaded anew on the way"
