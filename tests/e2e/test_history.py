"""What happened to apps, and the ways back: an undone deletion, and a namespace that is left alone for a while."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS, ready_pods

pytestmark = pytest.mark.browser


async def test_a_deletion_is_undone_and_a_namespace_is_left_alone_for_a_while(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await history(page, gallery, embedded_address)


@pytest.mark.devcluster
async def test_the_same_on_the_real_api_server(page: Page, gallery: Gallery, real_address: str) -> None:
    await history(page, gallery, real_address)


async def history(page: Page, gallery: Gallery, address: str) -> None:
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4")
    await steps.deploy(page)
    await expect(ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)

    await steps.delete_app(page, "engine")
    await expect(page.get_by_text("engine is deleted.")).to_be_visible()
    await expect(page.get_by_role("region", name="Recently deleted").get_by_text("engine")).to_be_visible()
    await gallery.look("namespace-deleted")
    await page.get_by_role("button", name="Undo").click()
    await expect(ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)
    await page.get_by_role("link", name="Timeline").click()
    await _expect_told(page, "Ada brought engine back", "Ada deleted engine")
    await gallery.look("app-timeline")

    await page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="shop").click()
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("switch", name="Pause reconciliation").click()
    await expect(page.get_by_text("Reconciliation is paused")).to_be_visible()
    await gallery.look("namespace-settings")
    await page.get_by_role("switch", name="Pause reconciliation").click()
    await expect(page.get_by_text("Reconciliation is paused")).to_be_hidden()
    await page.get_by_role("link", name="Timeline").click()
    await _expect_told(page, "Ada resumed reconciliation", "Ada paused reconciliation", "Ada deleted engine")
    await gallery.look("namespace-timeline")


async def _expect_told(page: Page, *sentences: str) -> None:
    for sentence in sentences:
        await expect(_entries(page).filter(has_text=sentence)).to_be_visible()


def _entries(page: Page) -> Locator:
    return page.get_by_role("region", name="Timeline").get_by_role("listitem")
