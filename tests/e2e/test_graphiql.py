"""The explorer that is served with the app: from nowhere but the server, with the viewer's own session."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.gallery import Gallery
from tests.e2e.steps import ROLLOUT_MS
from tests.moorage_process import ROOT

pytestmark = pytest.mark.browser

PICTURES = ROOT / "test-results" / "pages"

EDITOR = ".graphiql-query-editor"
RESULT = ".graphiql-response"
TOOLS = ".graphiql-editor-tool"
STORED = "Object.values(sessionStorage).some((kept) => kept.includes('deploymentUpdated(namespace:'))"
"""The editor keeps what was typed, once it has worked it out."""
EDITOR_MS = 30_000
"""The editor is three megabytes of script, and works the schema out before it runs anything."""
SUBSCRIPTION = 'subscription { deploymentUpdated(namespace: "%s", name: "engine") { workload { status { phase } } } }'

BROKEN_NAMES = """() => {
  const broken = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const name of texts.currentNode.data.matchAll(/\\w+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, name.index);
      range.setEnd(texts.currentNode, name.index + name[0].length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(name[0]);
    }
  }
  return broken;
}"""
"""Which words of a page go over more than one line."""

LESSONS = {
    "Create a namespace": '"slug": "tour-',
    "Plan an app": '"action": "CREATE"',
    "Deploy the plan": '"number": 1',
    "Watch a rollout": '"phase": "READY"',
}
"""Examples in the order of the list, and what their answers tell in the end."""


async def test_it_runs_queries_and_subscriptions_as_the_viewer(page: Page, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if not _is_own(request.url, origin) else None)
    await steps.register(page, embedded_address)
    slug = await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4", replicas=2)
    await steps.deploy(page)
    await expect(steps.ready_pods(page)).to_be_visible()

    await page.goto(f"{origin}/graphiql")
    await expect(page.locator(EDITOR)).to_contain_text("displayName", timeout=EDITOR_MS)
    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text("ada@example.com", timeout=EDITOR_MS)
    await write(page, SUBSCRIPTION % slug)
    await expect(page.locator(EDITOR)).not_to_contain_text("displayName", timeout=EDITOR_MS)
    await page.wait_for_function(STORED, timeout=EDITOR_MS)
    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text('"phase": "READY"', timeout=ROLLOUT_MS)

    assert [] == foreign


async def test_a_subscription_that_is_refused_shows_why(page: Page, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]
    await steps.register(page, embedded_address)
    await page.goto(f"{origin}/graphiql")
    await expect(page.locator(EDITOR)).to_contain_text("displayName", timeout=EDITOR_MS)

    for slug, field, code in (("nowhere", "phase", "NOT_FOUND"), ("nowhere", "mood", "GRAPHQL_VALIDATION_FAILED")):
        await write(page, (SUBSCRIPTION % slug).replace("phase", field))
        await execute(page)
        await expect(page.locator(RESULT)).to_contain_text(f'"code": "{code}"', timeout=EDITOR_MS)


async def test_it_has_the_apps_colours_and_fits_a_phone(page: Page, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]
    await steps.register(page, embedded_address)
    await picture(page, origin, "light")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{origin}/namespaces")
    await page.get_by_role("button", name="Switch to dark colours").click()
    await picture(page, origin, "dark")

    await expect(page.locator("body")).to_have_class(re.compile("graphiql-dark"))
    query, answer = [await page.locator(pane).bounding_box() for pane in (EDITOR, RESULT)]
    assert query is not None
    assert answer is not None
    assert query["y"] + query["height"] <= answer["y"]
    assert answer["x"] + answer["width"] <= 360


async def test_it_teaches_by_examples_that_run_as_they_are(page: Page, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    await steps.register(page, embedded_address)
    await page.goto(f"{origin}/graphiql")
    await expect(page.locator(EDITOR)).to_contain_text("displayName", timeout=EDITOR_MS)

    for title, told in LESSONS.items():
        await page.get_by_role("button", name=title, exact=True).click()
        await execute(page)
        await expect(page.locator(RESULT)).to_contain_text(told, timeout=ROLLOUT_MS)
    await page.screenshot(path=PICTURES / "explorer-examples-1280-light.png")
    await page.get_by_role("button", name="Copy as curl").click()
    await expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    await page.screenshot(path=PICTURES / "explorer-copied-1280-light.png")

    command = await page.evaluate("navigator.clipboard.readText()")
    assert f"curl --no-buffer '{origin}/graphql'" in command
    assert '"Authorization: Bearer $MOORAGE_TOKEN"' in command
    assert re.search(r'"namespace":"tour-\w+","name":"tour"', command)
    assert await cookie_of(page) not in command


async def test_a_token_in_the_headers_is_who_asks_and_is_not_kept(page: Page, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]
    await steps.register(page, embedded_address)
    await page.goto(f"{origin}/graphiql")
    await expect(page.locator(EDITOR)).to_contain_text("displayName", timeout=EDITOR_MS)
    await page.get_by_role("button", name="Make an API token").click()
    async with page.expect_response(f"{origin}/graphql") as answered:
        await execute(page)
    secret = (await (await answered.value).json())["data"]["createApiToken"]["secret"]
    await page.get_by_role("button", name="Headers", exact=True).click()
    await page.locator(f"{TOOLS} .graphiql-editor:visible").click()
    await page.keyboard.insert_text(json.dumps({"Authorization": f"Bearer {secret}"}))
    await page.get_by_role("button", name="Create a namespace").click()

    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text("lacks the scope WRITE", timeout=EDITOR_MS)

    stores = await page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "createNamespace" in stores
    assert secret not in stores


async def test_the_reference_is_read_without_a_script(page: Page, gallery: Gallery, embedded_address: str) -> None:
    origin = embedded_address.split("/register", maxsplit=1)[0]

    await page.goto(f"{origin}/docs/graphql")
    await page.get_by_role("link", name="Mutation", exact=True).click()

    await expect(page.get_by_role("heading", name="deployWorkload →")).to_be_visible()
    await expect(page.locator('[id="Mutation.deployWorkload"]')).to_contain_text("The owner. A token needs the scope")
    await gallery.look("reference", whole=False)


async def test_the_reference_breaks_no_name(page: Page, embedded_address: str) -> None:
    await page.goto(f"{embedded_address.split('/register', maxsplit=1)[0]}/docs/graphql")
    broken = {}

    for width in (1280, 800, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        broken[width] = await page.evaluate(BROKEN_NAMES)

    assert {1280: [], 800: [], 360: []} == broken


async def cookie_of(page: Page) -> str:
    return next(each["value"] for each in await page.context.cookies() if each["name"] == "__Host-moorage-session")


async def picture(page: Page, origin: str, scheme: str) -> None:
    """The explorer with an answer, at both widths; the narrow one stays."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{origin}/graphiql")
    await expect(page.locator(EDITOR)).to_contain_text("displayName", timeout=EDITOR_MS)
    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text("ada@example.com", timeout=EDITOR_MS)
    await page.screenshot(path=PICTURES / f"explorer-1280-{scheme}.png")
    await page.set_viewport_size({"width": 360, "height": 800})
    await page.screenshot(path=PICTURES / f"explorer-360-{scheme}.png")


async def execute(page: Page) -> None:
    await page.get_by_role("button", name="Execute query").click()


async def write(page: Page, document: str) -> None:
    await page.locator(EDITOR).click()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(document)


def _is_own(url: str, origin: str) -> bool:
    return url.startswith((origin, origin.replace("http", "ws", 1), "blob:", "data:"))
