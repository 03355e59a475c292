"""From where an app is reached, and how it scales by itself: from the form to the app's page."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS, ready_pods

pytestmark = pytest.mark.browser


async def test_an_app_with_a_private_address_that_scales_by_itself(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await steps.register(page, embedded_address)
    await steps.create_namespace(page, "shop")
    await steps.open_form(page, image="ghcr.io/ada/engine:1.4")
    await page.get_by_role("radio", name="Private URL").click()
    await steps.autoscale(page, least=2, most=4)
    await gallery.look("form-autoscaling")
    await steps.review(page)
    await steps.deploy(page)

    await expect(ready_pods(page)).to_have_text(re.compile(r"[2-4]/[2-4]"), timeout=ROLLOUT_MS)
    reach = page.get_by_role("region", name="Private URL")
    await expect(reach.get_by_role("status")).to_have_text("Open", timeout=ROLLOUT_MS)
    await expect(reach.get_by_text(re.compile("^http://engine-"))).to_be_visible()
    await expect(page.get_by_role("region", name="Autoscaling")).to_be_visible()
    await expect(page.get_by_text("2 to 4, CPU near 70%")).to_be_visible()
    await gallery.look("app-reached")


@pytest.mark.devcluster
async def test_autoscaling_on_the_real_api_server(page: Page, real_address: str) -> None:
    await steps.register(page, real_address)
    await steps.create_namespace(page, "shop")
    await steps.open_form(page, image="ghcr.io/ada/engine:1.4")
    await steps.autoscale(page, least=2, most=4)
    await steps.review(page)
    await steps.deploy(page)

    await expect(page.get_by_role("region", name="Autoscaling")).to_be_visible()
    await expect(page.get_by_text("2 to 4, CPU near 70%")).to_be_visible()
    await expect(ready_pods(page)).to_have_text(re.compile(r"[2-4]/[2-4]"), timeout=ROLLOUT_MS)
