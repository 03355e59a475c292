"""A private image with a file, from the diagnosis of what it lacks to its running."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS

pytestmark = pytest.mark.browser

SETTINGS = "server:\n\tport: 8080\n# the end\n"


async def test_a_private_image_is_given_credentials_and_files(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await steps.register(page, embedded_address)
    await steps.create_namespace(page, "shop")
    await page.get_by_role("link", name="New app").click()
    await page.get_by_label("Image").fill("ghcr.io/ada/engine:private")
    await page.get_by_role("radio", name="Own CPU and memory").click()
    await page.get_by_label("Memory at most, MiB").fill("160")
    await page.get_by_role("button", name="More: files, private registry").click()
    await page.get_by_role("button", name="Add file").click()
    await page.get_by_label("Files 1: path").fill("/etc/engine/settings.yaml")
    await page.get_by_label("Files 1: content").fill(SETTINGS)
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_contain_text("ConfigMap/engine-files")
    await gallery.look("files-form")
    await steps.deploy(page)

    await page.get_by_role("link", name="Give it registry credentials").click(timeout=ROLLOUT_MS)
    await expect(page.get_by_role("textbox", name="User", exact=True)).to_be_focused()
    await expect(page.get_by_role("textbox", name="Registry", exact=True)).to_have_value("ghcr.io")
    await page.keyboard.type("ada")
    await page.get_by_role("textbox", name="Password or token").fill("harbour-cedar")
    await page.get_by_label("Files 1: content").fill(SETTINGS.replace("8080", "9090"))
    await page.get_by_role("button", name="Review plan").click()
    changed = page.get_by_label("Changed lines of data[etc_engine_settings.yaml]")
    await expect(changed).to_contain_text("port: 9090")
    await gallery.look("credentials-form")
    await page.get_by_role("button", name="Deploy this change").click()

    await expect(steps.ready_pods(page)).to_have_text("1/1", timeout=ROLLOUT_MS)
    await expect(page.get_by_text("/etc/engine/settings.yaml")).to_be_visible()
    await gallery.look("files-app")
