"""Jobs and stateful services, from the form to what the cluster made of them."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS

pytestmark = pytest.mark.browser


async def test_a_scheduled_job_is_described_run_and_paused(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await _open_form(page, embedded_address, image="ghcr.io/ada/report:1")
    await page.get_by_role("radio", name="Scheduled job").click()
    await page.get_by_label("Schedule").fill("61 4 * * *")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_text("Kubernetes could not read this schedule: bad minute.").first).to_be_visible()
    await gallery.look("schedule-refused")
    await page.get_by_label("Schedule").fill("30 4 * * MON-FRI")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_be_visible()
    await steps.deploy(page)

    await expect(_status(page)).to_contain_text("no run was due yet", timeout=ROLLOUT_MS)
    await expect(page.get_by_text("At 04:30 on Monday through Friday")).to_be_visible()
    await page.get_by_role("button", name="Run now").click()
    await page.get_by_role("dialog").get_by_role("button", name="Run now").click()
    await expect(_status(page)).to_contain_text("the last run ended well", timeout=ROLLOUT_MS)
    await gallery.look("scheduled-job")
    await page.get_by_role("link", name="Runs").click()
    await expect(page.get_by_role("table", name="Runs").get_by_text("Succeeded")).to_be_visible()
    await gallery.look("runs")
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("dialog").get_by_role("button", name="Pause").click()

    await expect(_status(page)).to_contain_text("Its schedule is paused", timeout=ROLLOUT_MS)
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()


async def test_a_stateful_service_comes_up_with_a_disk_for_each_replica(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await _open_form(page, embedded_address, image="ghcr.io/ada/db:18")
    await page.get_by_role("radio", name="Stateful service").click()
    await page.get_by_label("Mounted at").fill("/var/lib/data")
    await gallery.look("stateful-form")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_be_visible()
    await steps.deploy(page)

    await expect(steps.ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)
    volumes = page.get_by_role("table", name="Volumes")
    await expect(volumes.get_by_text("data-db-0")).to_be_visible()
    await expect(volumes.get_by_text("Bound")).to_be_visible()
    await gallery.look("stateful-service")


async def test_a_job_that_fails_says_how(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await _open_form(page, embedded_address, image="ghcr.io/ada/migrate:crash")
    await page.get_by_role("radio", name="Job", exact=False).last.click()
    await page.get_by_role("button", name="More: retries, time limit").click()
    await page.get_by_label("Retries").fill("0")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_be_visible()
    await steps.deploy(page)

    await expect(_status(page)).to_contain_text("ended with exit code 1", timeout=ROLLOUT_MS)
    await gallery.look("job-failed")


async def _open_form(page: Page, address: str, *, image: str) -> None:
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await page.get_by_role("link", name="New app").click()
    await page.get_by_label("Image").fill(image)


def _status(page: Page) -> Locator:
    return page.get_by_role("status", name="Status")
