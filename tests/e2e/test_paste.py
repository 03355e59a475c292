"""An app that runs elsewhere is pasted into the form: filled, told what was left out, and planned."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery

pytestmark = pytest.mark.browser

LINE = r"""docker run -d --name shop -p 8080:3000 -m 512m --restart always --privileged \
  -e LOG_LEVEL=debug -e DATABASE_PASSWORD=harbour-cedar -v data:/var/lib/shop \
  ghcr.io/ada/shop:2.1 --verbose"""
COMPOSE = """services:
  db:
    build: .
    environment: [POSTGRES_DB=shop]
  shop:
    image: ghcr.io/ada/shop:2.1
    depends_on: [db]
    volumes: [data:/var/lib/shop]
    networks: [front]
    cap_add: [NET_ADMIN]
    working_dir: /srv
    user: shop
    restart: always
volumes: {data: {}}
"""


async def test_a_docker_run_line_fills_the_form_and_is_planned(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await _open_form(page, embedded_address)
    await page.get_by_role("button", name="Paste…").click()
    await expect(_text(page)).to_be_focused()
    await gallery.look("paste-dialog")
    await _text(page).fill("ls -l")
    await page.get_by_role("button", name="Fill the form").click()
    await expect(page.get_by_text("This is no `docker run` line")).to_be_visible()
    await expect(_text(page)).to_be_focused()
    await gallery.look("paste-refused")

    await _text(page).fill(LINE)
    await page.get_by_role("button", name="Fill the form").click()

    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_label("Image")).to_be_focused()
    await expect(page.get_by_label("Image")).to_have_value("ghcr.io/ada/shop:2.1")
    await expect(_name(page)).to_have_value("shop")
    await expect(page.get_by_label("Port", exact=True)).to_have_value("3000")
    await expect(page.get_by_label("Environment 1: value")).to_have_value("debug")
    await expect(page.get_by_label("Secrets 1: name")).to_have_value("DATABASE_PASSWORD")
    await expect(page.get_by_label("Arguments")).to_have_value("--verbose")
    told = _notice(page)
    await expect(told).to_contain_text("It was read as a docker run line.")
    await expect(_left_out(page)).to_contain_text(["--restart always", "--privileged"])
    await expect(_to_look_over(page)).to_contain_text(
        ["kind", "--volume data:/var/lib/shop: It is taken as the volume"]
    )
    volume = page.get_by_role("group", name="Volume 1")
    await expect(volume.get_by_label("Mounted at")).to_have_value("/var/lib/shop")
    await expect(told).not_to_contain_text("harbour-cedar")
    await gallery.look("paste-filled")
    await page.get_by_role("button", name="Review plan").click()
    await expect(page.get_by_role("list", name="Changes")).to_contain_text("StatefulSet/shop")
    await expect(page.get_by_role("button", name="Deploy", exact=True)).to_be_enabled()


async def test_by_keyboard_alone_what_is_wrong_is_where_one_goes_on(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await _open_form(page, embedded_address)
    await page.get_by_label("Image").fill("ghcr.io/ada/mill:1")
    opener = page.get_by_role("button", name="Paste…")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("What is in the form now will be replaced")).to_be_visible()
    await gallery.look("paste-replacing")
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(_text(page)).to_be_focused()

    await page.keyboard.insert_text(COMPOSE.replace("  shop:", "  web_shop:"))
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(_name(page)).to_be_focused()
    await expect(_name(page)).to_have_value("web_shop")
    told = _notice(page)
    await expect(_left_out(page)).to_have_count(5)
    await told.get_by_role("button", name="Show all").press("Enter")
    await expect(_left_out(page).filter(has_text="services.db: One form is one app")).to_have_count(1)
    await gallery.look("paste-left-out")
    await told.get_by_role("button", name="Dismiss").press("Enter")
    await expect(told).to_be_hidden()
    await expect(opener).to_be_focused()


async def _open_form(page: Page, address: str) -> None:
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await page.get_by_role("link", name="New app").click()
    await expect(page.get_by_label("Image")).to_be_visible()


def _text(page: Page) -> Locator:
    """Where it is pasted."""
    return page.get_by_label("A docker run line, a compose file or Kubernetes YAML")


def _name(page: Page) -> Locator:
    """The field of the app's name; variables have names too."""
    return page.get_by_role("textbox", name="Name", exact=True)


def _notice(page: Page) -> Locator:
    """What is told above the form of what was pasted."""
    return page.get_by_role("note").filter(has_text="Filled from what you pasted")


def _left_out(page: Page) -> Locator:
    """Each part of the text that fills no field."""
    return _notice(page).get_by_role("list", name="left out:").get_by_role("listitem")


def _to_look_over(page: Page) -> Locator:
    """Each part that was taken over by an assumption."""
    return _notice(page).get_by_role("list", name="To be looked over:").get_by_role("listitem")
