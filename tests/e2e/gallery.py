"""Pictures of pages, and what is wrong with them for eyes and for assistive technology."""

from __future__ import annotations

import json
from typing import Any, Literal

from playwright.async_api import Page

from tests.moorage_process import ROOT

PICTURES = ROOT / "test-results" / "pages"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 360)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SEVERE = ("serious", "critical")


class Gallery:
    """Takes the pictures, and gathers what is wrong with the pages, so that one run tells all of it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._findings: list[str] = []

    async def look(self, name: str, *, whole: bool = True) -> None:
        """The page as it stands, at each width and in each scheme; only what is in sight of it where it is very long,
        as Chromium takes half a minute for a picture of that."""
        for scheme in SCHEMES:
            await self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in WIDTHS:
                await self._page.set_viewport_size({"width": width, "height": 800})
                await self._note_overflow(f"{name} at {width} px")
                await self._page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=whole)
                await self._note_barriers(f"{name} at {width} px, {scheme}")
        await self._page.emulate_media(color_scheme="light", reduced_motion="reduce")
        await self._page.set_viewport_size({"width": WIDTHS[0], "height": 800})

    def told(self) -> str:
        """A line for each finding."""
        return "\n".join(self._findings)

    async def _note_overflow(self, where: str) -> None:
        beyond = await self._page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            self._findings.append(f"{where}: scrolls sideways by {beyond} px")

    async def _note_barriers(self, where: str) -> None:
        """What axe finds against WCAG 2.2 AA."""
        await self._page.evaluate(AXE.read_text(encoding="utf-8"))
        violations: list[dict[str, Any]] = await self._page.evaluate("axe.run().then((found) => found.violations)")
        for violation in violations:
            if violation["impact"] in SEVERE:
                first = json.dumps(violation["nodes"][0]["html"])[:160]
                self._findings.append(f"{where}: {violation['id']}, {len(violation['nodes'])} times, as in {first}")
