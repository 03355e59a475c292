"""What an app writes, in a browser: as it is written, over a connection that is cut, and after a crash."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS

pytestmark = pytest.mark.browser


class Wire:
    """The page's WebSockets: what it subscribes to over them, and a way to cut them."""

    def __init__(self) -> None:
        self.logs: list[dict[str, Any]] = []
        """The variables of each subscription to logs."""
        self._sockets: list[WebSocketRoute] = []

    async def watch(self, page: Page) -> None:
        await page.route_web_socket("**/graphql", self._connect)

    async def cut(self) -> None:
        """As where a proxy on the way is started anew."""
        while self._sockets:
            await self._sockets.pop().close(code=1001)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        server = socket.connect_to_server()

        def send(message: str | bytes) -> None:
            payload = json.loads(message).get("payload") or {}
            if "logLines(" in payload.get("query", ""):
                self.logs.append(payload["variables"])
            server.send(message)

        socket.on_message(send)


async def open_logs(page: Page, address: str, *, image: str) -> Locator:
    """The lines of a new app."""
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await steps.describe(page, image=image)
    await steps.deploy(page)
    await page.get_by_role("navigation", name="App").get_by_role("link", name="Logs").click()
    return page.get_by_role("log", name="Lines").get_by_text("INFO")


async def test_what_an_app_writes_is_shown_as_it_is_written(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    lines = await open_logs(page, embedded_address, image="ghcr.io/ada/engine:1.4")
    await expect(lines.filter(has_text="Listening on")).to_be_visible(timeout=ROLLOUT_MS)

    await expect(lines.filter(has_text="HTTP/1.1").first).to_be_visible(timeout=ROLLOUT_MS)

    await gallery.look("app-logs-live")
    await page.keyboard.press("/")
    await page.keyboard.type("starting")
    await expect(lines).to_have_count(1)
    await expect(lines).to_contain_text("Starting app")


async def test_over_a_connection_that_is_cut_no_line_is_lost_or_shown_twice(page: Page, embedded_address: str) -> None:
    wire = Wire()
    await wire.watch(page)
    lines = await open_logs(page, embedded_address, image="ghcr.io/ada/engine:1.4")
    await expect(lines.filter(has_text="Listening on")).to_be_visible(timeout=ROLLOUT_MS)

    await wire.cut()
    await expect(lines.filter(has_text="HTTP/1.1").first).to_be_visible(timeout=ROLLOUT_MS)

    first, second = wire.logs
    assert "after" not in first
    assert second["after"]
    for text in ("Starting app", "Configuration read", "Listening on"):
        await expect(lines.filter(has_text=text)).to_have_count(1)


async def test_a_crash_leads_to_the_log_of_the_run_that_ended(
    page: Page, gallery: Gallery, embedded_address: str
) -> None:
    await open_logs(page, embedded_address, image="ghcr.io/ada/mill:crash")
    await page.get_by_role("link", name="Overview").click()

    more = page.get_by_role("link", name="More of its log")
    await expect(more).to_have_attribute("href", re.compile("run=previous"), timeout=ROLLOUT_MS)
    await more.click()

    await expect(page.get_by_role("log").get_by_text("ConnectionRefusedError")).to_be_visible()
    await expect(page.get_by_role("radio", name="Run before")).to_be_checked()
    await gallery.look("app-logs-previous")
