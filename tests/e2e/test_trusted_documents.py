"""The web app works whole where its own documents are the only ones that are executed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from graphql_schema.trusted import MANIFEST
from tests.e2e import steps
from tests.e2e.steps import ROLLOUT_MS, ready_pods
from tests.moorage_process import ROOT, moorage_up

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with moorage_up(tmp_path, MOORAGE_TRUSTED_DOCUMENTS="only") as address:
        yield address


async def test_the_main_job_is_done_with_documents_of_the_build_alone(page: Page, address: str) -> None:
    sent: set[str] = set()
    page.on("request", lambda request: sent.update(texts(request.post_data)))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.update(texts(frame))))
    await steps.register(page, address)
    await steps.create_namespace(page, "shop")
    await steps.describe(page, image="ghcr.io/ada/engine:1.4", replicas=2)
    await steps.deploy(page)
    await expect(ready_pods(page)).to_have_text("2/2", timeout=ROLLOUT_MS)  # told by the socket
    await steps.scale(page, replicas=1)
    await steps.roll_back(page, revision=1)
    await expect(page.get_by_text("Revision 3")).to_be_visible()
    for tab in ("Pods", "Metrics", "Events", "Timeline"):
        await page.get_by_role("link", name=tab).click()
    await page.get_by_role("link", name="Account").click()
    await expect(page.get_by_role("heading", name="Account")).to_be_visible()

    known = json.loads((ROOT / "web" / "dist" / MANIFEST).read_text()).values()
    assert sent <= set(known)
    assert {"query", "mutation", "subscription"} == {text.split(" ", 1)[0] for text in sent}


def texts(message: str | bytes | None) -> Iterator[str]:
    """The document of a request, or of a message of a socket."""
    body = json.loads(message or "{}")
    asked = body.get("payload", body)
    if asked and "query" in asked:
        yield asked["query"]


async def test_there_is_no_explorer_and_nothing_leads_to_one(page: Page, address: str) -> None:
    await steps.register(page, address)
    await expect(page.get_by_role("link", name="Account")).to_be_visible()
    await expect(page.get_by_role("link", name="API explorer")).to_have_count(0)
    explorer = await page.request.get(f"{address.split('/register', maxsplit=1)[0]}/graphiql")

    assert 404 == explorer.status
    assert "documents of its web app alone" in await explorer.text()
