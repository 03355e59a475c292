"""How every page looks and reads: at two widths, by day and by night, for eyes and for assistive technology.

The pictures are left in test-results/pages, for people to look at.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import opened
from tests.e2e.gallery import PICTURES, Gallery
from tests.e2e.steps import ROLLOUT_MS, ready_pods

pytestmark = pytest.mark.browser


async def test_pages_for_everybody(page: Page, gallery: Gallery, embedded_address: str) -> None:
    for name, path in {"home": "/", "login": "/login", "not-found": "/nowhere"}.items():
        await page.goto(_at(embedded_address, path))
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await gallery.look(name)
    await page.goto(embedded_address)
    await expect(page.get_by_text("makes you the administrator")).to_be_visible()
    await gallery.look("register")


async def test_pages_around_the_form(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    await gallery.look("namespaces-empty")
    slug = await steps.create_namespace(page, "shop")
    await expect(page.get_by_text("No app runs here yet")).to_be_visible()
    await gallery.look("namespace-empty")
    await page.get_by_role("link", name="New app").click()
    await expect(page.get_by_label("Image")).to_be_visible()
    await gallery.look("form")
    await page.get_by_role("button", name="More: command").click()
    await page.get_by_role("switch", name="Readiness check").click()
    await gallery.look("form-process")
    await page.get_by_label("Image").fill("Bad Image!")
    await page.get_by_label("Name").fill("Bad_Name")
    await page.get_by_label("Port", exact=True).fill("99999")
    await page.get_by_role("radio", name=re.compile("^Own")).click()
    await page.get_by_label("CPU set aside, m").fill("5000")
    await page.get_by_role("button", name=re.compile("^More: replicas")).click()
    await steps.autoscale(page, least=9, most=2)
    await page.get_by_role("button", name=re.compile("^More: files")).click()
    await page.get_by_role("button", name="Add file").click()
    await page.get_by_role("switch", name="Pulled from a private registry").click()
    await page.get_by_role("button", name="Review plan").click()
    await gallery.look("form-errors")
    await page.goto(_at(embedded_address, f"/namespaces/{slug}"))
    await steps.describe(page, image="docker.io/library/nginx:1.29", replicas=3)
    await gallery.look("form-plan")


async def test_pages_of_an_app(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    slug = await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4", replicas=3)
    await steps.deploy(page)
    await expect(ready_pods(page)).to_have_text("3/3", timeout=ROLLOUT_MS)
    await expect(page.get_by_role("img", name=re.compile("CPU"))).to_be_visible(timeout=ROLLOUT_MS)
    await gallery.look("app-overview")
    await page.set_viewport_size({"width": 360, "height": 800})
    reason = page.get_by_role("table", name="Conditions").get_by_text("MinimumReplicasAvailable")
    assert 1 == await reason.evaluate("(word) => word.getClientRects().length"), "the word is broken"
    await page.set_viewport_size({"width": 1280, "height": 800})
    panels = {
        "Pods": "Pods",
        "Logs": "Logs",
        "Events": "Events",
        "Revisions": "Revisions",
        "Timeline": "Timeline",
        "Metrics": "Metrics",
        "Manifest": "Deployment",
    }
    for tab, panel in panels.items():
        await page.get_by_role("navigation", name="App").get_by_role("link", name=tab).click()
        await expect(page.get_by_role("region", name=re.compile(panel))).to_be_visible()
        await gallery.look(f"app-{tab.lower()}")
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await gallery.look("app-delete")
    await page.goto(_at(embedded_address, f"/namespaces/{slug}/apps/engine/edit"))
    await expect(page.get_by_label("Image")).to_have_value("ghcr.io/ada/engine:1.4")
    await gallery.look("app-edit")


async def test_pages_of_a_busy_namespace(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    slug = await steps.create_namespace(page, "shop")
    for image in ("ghcr.io/ada/engine:1.4", "ghcr.io/ada/loom:broken", "ghcr.io/ada/mill:crash"):
        await page.goto(_at(embedded_address, f"/namespaces/{slug}"))
        await steps.describe(page, image=image, replicas=2)
        await steps.deploy(page)
        await expect(ready_pods(page)).to_be_visible()
    await expect(page.get_by_text("Failing", exact=True)).to_be_visible(timeout=ROLLOUT_MS)
    await expect(page.get_by_label("Last lines of the run that ended").last).to_be_visible(timeout=ROLLOUT_MS)
    await gallery.look("app-failing")
    await page.goto(_at(embedded_address, f"/namespaces/{slug}"))
    await expect(page.get_by_text("Failing", exact=True)).to_have_count(2, timeout=ROLLOUT_MS)
    await gallery.look("namespace")
    await page.goto(_at(embedded_address, "/namespaces"))
    await expect(page.get_by_text("3 apps")).to_be_visible()
    await gallery.look("namespaces")


async def test_pages_of_people(page: Page, gallery: Gallery, embedded_address: str) -> None:
    await steps.register(page, embedded_address)
    await page.get_by_role("link", name="Users").click()
    await expect(page.get_by_role("cell", name="ada@example.com")).to_be_visible()
    await gallery.look("users")
    await page.get_by_role("link", name="Account").click()
    await page.get_by_role("button", name="New token").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("deploy from CI")
    await gallery.look("account-new-token")
    await page.get_by_role("button", name="Create token").click()
    await expect(page.get_by_label("API token", exact=True)).to_have_text(re.compile(r"\S{20,}"))
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("cell", name="deploy from CI", exact=True)).to_be_visible()
    await gallery.look("account")


@pytest.fixture
async def narrow(browser: Browser) -> AsyncIterator[Page]:
    """A page of a phone's width."""
    async with opened(browser, width=360) as page:
        yield page


async def test_a_phone_reaches_every_page_through_the_menu(narrow: Page, embedded_address: str) -> None:
    await steps.register(narrow, embedded_address)

    await narrow.get_by_role("button", name="Open the menu").click()
    await narrow.get_by_role("link", name="Account").click()

    await expect(narrow.get_by_role("heading", name="Account")).to_be_visible()
    await narrow.screenshot(path=PICTURES / "menu-360-light.png")


def _at(address: str, path: str) -> str:
    """`path` on the server that `address` leads to."""
    return address.split("/register", maxsplit=1)[0] + path
