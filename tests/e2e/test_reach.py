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


async def test_autoscaling_keeps_people_from_scaling_until_it_is_turned_off(page: Page, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    await steps.create_namespace(page, "shop")
    await steps.open_form(page, image="ghcr.io/ada/engine:1.4")
    await steps.autoscale(page, least=2, most=3)
    await page.get_by_label("CPU near, %").fill("60")
    await steps.review(page)
    await steps.deploy(page)
    panel = page.get_by_role("region", name="Autoscaling")
    await expect(panel).to_be_visible(timeout=ROLLOUT_MS)
    await expect(ready_pods(page)).to_have_text(re.compile(r"[23]/[23]"), timeout=ROLLOUT_MS)

    await page.get_by_role("button", name="Scale").click()
    dialog = page.get_by_role("dialog", name="engine scales by itself")
    await expect(dialog).to_contain_text("The cluster chooses the number of pods: 2 to 3, CPU near 60%.")
    await expect(dialog.get_by_label("Replicas")).to_have_count(0)
    await dialog.get_by_role("link", name="Edit autoscaling").click()
    await page.get_by_role("switch", name="Autoscaling").click()
    await steps.deploy_change(page)

    await expect(page.get_by_role("heading", name="engine")).to_be_visible()
    await expect(panel).to_be_hidden(timeout=ROLLOUT_MS)
    await steps.scale(page, replicas=1)
    await expect(ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)


async def test_an_address_is_private_then_public_then_gone(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    await steps.create_namespace(page, "shop")
    await steps.open_form(page, image="ghcr.io/ada/engine:1.4")
    await page.get_by_role("radio", name="Private URL").click()
    await gallery.look("form-exposure")
    await steps.review(page)
    await steps.deploy(page)
    await _expect_reached(page, "Private URL", url="^http://engine-", by="devices of your tailnet")

    await steps.edit(page)
    await page.get_by_role("radio", name="Public URL").click()
    await steps.deploy_change(page)
    await _expect_reached(page, "Public URL", url=r"^https?://engine-.*\.apps\.example$", by="anybody on the internet")
    await expect(page.get_by_role("region", name="Private URL")).to_be_hidden()

    await steps.edit(page)
    await page.get_by_role("radio", name="Nowhere else").click()
    await steps.deploy_change(page)
    await expect(page.get_by_role("heading", name="engine")).to_be_visible()
    await expect(page.get_by_role("region", name="Public URL")).to_be_hidden(timeout=ROLLOUT_MS)
    await expect(page.get_by_text("apps.example")).to_have_count(0)


async def _expect_reached(page: Page, mode: str, *, url: str, by: str) -> None:
    """The app's page tells where it is reached, and by whom: on a demo, by whom it would be."""
    reach = page.get_by_role("region", name=mode)
    await expect(reach.get_by_role("status")).to_have_text("Open", timeout=ROLLOUT_MS)
    await expect(reach.get_by_text(re.compile(url))).to_be_visible()
    await expect(reach).to_contain_text("Nobody, as this is a demo. On a real cluster: " + by)


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
