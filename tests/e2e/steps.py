"""What a developer does with real clicks, a function for each step of the main job."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

ROLLOUT_MS = 60_000
CHART_MS = 120_000
"""Prometheus gives a scrape up two seconds after it began, and on a busy machine many in a row."""


async def register(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("Name").fill("Ada")
    await page.get_by_label("E-mail").fill("ada@example.com")
    await page.locator("input[name=password]").fill("harbour-cedar-violin")
    await page.get_by_role("button", name="Create account").click()
    # The password's hash is slow on purpose, and other tests may keep the machine busy.
    await expect(page.get_by_role("heading", name="Namespaces")).to_be_visible(timeout=ROLLOUT_MS)


async def create_namespace(page: Page, name: str) -> str:
    """Create it, and give its slug."""
    await page.get_by_role("button", name="New namespace").click()
    await page.get_by_role("dialog").get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Create namespace").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page.url.rsplit("/", 1)[1]


async def open_form(page: Page, *, image: str) -> None:
    """The form of a new app, with its replicas, variables and secrets unfolded."""
    await page.get_by_role("link", name="New app").click()
    await page.get_by_label("Image").fill(image)
    await page.get_by_role("button", name=re.compile("^More: replicas")).click()


async def edit(page: Page) -> None:
    """The form of the app whose page is open."""
    await page.get_by_role("link", name="Edit").click()
    await expect(page.get_by_label("Name")).to_have_attribute("readonly", "")


async def autoscale(page: Page, *, least: int, most: int) -> None:
    await page.get_by_role("switch", name="Autoscaling").click()
    await page.get_by_label("At least", exact=True).fill(str(least))
    await page.get_by_label("At most", exact=True).fill(str(most))


async def review(page: Page) -> None:
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_be_visible()


async def describe(page: Page, *, image: str, replicas: int = 1) -> None:
    """Fill in the form of a new app, and ask for its plan."""
    await open_form(page, image=image)
    await page.get_by_label("Replicas").fill(str(replicas))
    await review(page)


async def deploy(page: Page) -> None:
    await page.get_by_role("button", name="Deploy", exact=True).click()


async def deploy_change(page: Page) -> None:
    await review(page)
    await page.get_by_role("button", name="Deploy this change").click()


async def scale(page: Page, *, replicas: int) -> None:
    await page.get_by_role("button", name="Scale").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Replicas").fill(str(replicas))
    await dialog.get_by_role("button", name="Scale").click()
    await expect(dialog).to_be_hidden()


async def roll_back(page: Page, *, revision: int) -> None:
    await page.get_by_role("link", name="Revisions").click()
    await page.get_by_role("button", name=f"Roll back to {revision}").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("listitem").first).to_be_visible()  # what returns is shown before it does
    await dialog.get_by_role("button", name="Roll back", exact=True).click()
    await expect(dialog).to_be_hidden()


async def delete_app(page: Page, name: str) -> None:
    await page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill(name)
    await dialog.get_by_role("button", name="Delete app").click()


def ready_pods(page: Page) -> Locator:
    """As in 2/3."""
    return page.get_by_label("Ready pods")
