"""Two people at one app: what the one did is shown to the other before it is replaced."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS, ready_pods

pytestmark = pytest.mark.browser


async def test_a_plan_made_stale_by_a_restart_is_planned_again_and_deployed(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await steps.register(page, embedded_address)
    await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4")
    await steps.deploy(page)
    await expect(ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)
    other = await page.context.new_page()
    await other.goto(page.url)
    await steps.edit(page)
    await page.get_by_label("Image").fill("ghcr.io/ada/engine:1.5")
    await steps.review(page)

    await other.get_by_role("button", name="Restart").click()
    await other.get_by_role("dialog").get_by_role("button", name="Restart").click()
    await expect(other.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Deploy this change").click()
    await expect(page.get_by_role("alert")).to_contain_text("Revision 2 of engine was deployed")
    await gallery.look("plan-conflict")
    await page.get_by_role("button", name="Plan again").click()
    await page.get_by_role("button", name="Deploy this change").click()

    await expect(page.get_by_text("ghcr.io/ada/engine:1.5").first).to_be_visible(timeout=ROLLOUT_MS)
