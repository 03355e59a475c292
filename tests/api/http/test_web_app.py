"""The web app's pages and files, and what browsers are told about them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from api.http.headers import SecurityHeaders
from api.http.web_app import WebApp

ORIGINS = frozenset({"http://localhost:8080"})
HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build as the bundler leaves it."""
    (tmp_path / "index.html").write_text(
        '<meta property="csp-nonce" nonce="__CSP_NONCE__"><title>Moorage</title>'
        '<meta name="moorage-explorer" content="__EXPLORER__">'
    )
    (tmp_path / "graphiql.html").write_text("<title>GraphiQL</title>")
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1f2e.js").write_text("let a;")
    (tmp_path / "assets" / "app-1f2e.js.gz").write_bytes(gzip.compress(b"let a;"))
    (tmp_path / "assets" / "plain-1f2e.css").write_text("a{}")
    return tmp_path


def client_of(directory: Path, *, has_explorer: bool = True) -> httpx.AsyncClient:
    web = WebApp(directory, origins=ORIGINS, has_explorer=has_explorer)
    routes = [
        Route("/graphiql", web.graphiql),
        Mount("/assets", web.assets),
        Route("/{path:path}", web.page, methods=["GET"]),
    ]
    app = SecurityHeaders(Starlette(routes=routes), origins=ORIGINS)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8080")


@pytest.mark.parametrize("path", ["/", "/login", "/namespaces/team-x1y2/apps/web"])
async def test_every_address_of_the_app_is_its_page(build: Path, path: str) -> None:
    async with client_of(build) as client:
        response = await client.get(path, headers=HTML)

    assert 200 == response.status_code
    assert "<title>Moorage</title>" in response.text
    assert "no-cache" == response.headers["cache-control"]


@pytest.mark.parametrize(("has_explorer", "told"), [(True, "on"), (False, "off")])
async def test_the_page_is_told_whether_there_is_an_explorer(build: Path, told: str, *, has_explorer: bool) -> None:
    async with client_of(build, has_explorer=has_explorer) as client:
        response = await client.get("/", headers=HTML)

    assert f'<meta name="moorage-explorer" content="{told}">' in response.text


@pytest.mark.parametrize("accept", ["*/*", "", "text/*;q=0.5", "application/json, */*;q=0.1", "text/HTML; level=1"])
async def test_whoever_takes_html_gets_the_page(build: Path, accept: str) -> None:
    async with client_of(build) as client:
        response = await client.get("/", headers={"accept": accept})

    assert (200, "Accept") == (response.status_code, response.headers["vary"])
    assert "<title>Moorage</title>" in response.text


@pytest.mark.parametrize(
    "accept", ["application/json", "image/*", "text/html;q=0, */*", "text/html;q=x", "text/html;q=0.0"]
)
async def test_whoever_takes_no_html_is_told_where_programs_ask(build: Path, accept: str) -> None:
    async with client_of(build) as client:
        response = await client.get("/namespaces/team", headers={"accept": accept})

    assert (406, "Accept") == (response.status_code, response.headers["vary"])
    assert "/graphql" in response.text


@pytest.mark.parametrize("path", ["/auth/nowhere", "/graphql/x"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_the_api_has_no_page(build: Path, path: str, accept: str) -> None:
    async with client_of(build) as client:
        assert 404 == (await client.get(path, headers={"accept": accept})).status_code


async def test_an_address_with_a_dot_is_a_page_for_those_who_ask_for_one(build: Path) -> None:
    async with client_of(build) as client:
        assert 200 == (await client.get("/namespaces/no.such", headers=HTML)).status_code


async def test_a_page_has_a_nonce_of_its_own_in_text_and_policy(build: Path) -> None:
    async with client_of(build) as client:
        pages = [await client.get("/", headers=HTML) for _ in range(2)]

    nonces = [re.search(r'nonce="([^"]+)"', page.text) for page in pages]
    first, second = (nonce.group(1) for nonce in nonces if nonce)
    assert first != second
    assert f"style-src 'self' 'nonce-{first}'" in pages[0].headers["content-security-policy"]


async def test_no_page_allows_inline_scripts_and_only_graphiql_inline_styles(build: Path) -> None:
    async with client_of(build) as client:
        page = (await client.get("/", headers=HTML)).headers["content-security-policy"]
        graphiql = (await client.get("/graphiql")).headers["content-security-policy"]
        missing = (await client.get("/nowhere.js")).headers["content-security-policy"]

    assert all("script-src 'self';" in policy for policy in (page, graphiql, missing))
    assert ["unsafe-inline" in policy for policy in (page, graphiql, missing)] == [False, True, False]
    assert "connect-src 'self' ws://localhost:8080;" in page


async def test_security_headers_are_on_every_answer(build: Path) -> None:
    async with client_of(build) as client:
        responses = [await client.get(path) for path in ("/graphiql", "/icon.svg", "/nowhere", "/assets/app-1f2e.js")]

    for response in responses:
        assert "nosniff" == response.headers["x-content-type-options"]
        assert "DENY" == response.headers["x-frame-options"]
        assert "same-origin" == response.headers["cross-origin-opener-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_assets_may_be_kept_for_good_and_come_compressed_to_those_who_take_it(build: Path) -> None:
    async with client_of(build) as client:
        plain = await client.get("/assets/app-1f2e.js", headers={"accept-encoding": "identity"})
        zipped = await client.get("/assets/app-1f2e.js", headers={"accept-encoding": "gzip, br"})
        never_zipped = await client.get("/assets/plain-1f2e.css", headers={"accept-encoding": "gzip"})

    assert [None, "gzip", None] == [each.headers.get("content-encoding") for each in (plain, zipped, never_zipped)]
    assert "let a;" == plain.text == zipped.text
    assert plain.headers["content-type"].split(";")[0] == zipped.headers["content-type"].split(";")[0]
    assert "public, max-age=31536000, immutable" == plain.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/nowhere.js", "/assets/nowhere.js", "/graphiql.html", "/assets/../index.html", "/..%2f..%2fetc%2fpasswd"]
)
async def test_what_is_not_there_is_not_found(build: Path, path: str) -> None:
    async with client_of(build) as client:
        assert 404 == (await client.get(path)).status_code


async def test_an_app_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with client_of(tmp_path / "dist") as client:
        response = await client.get("/", headers=HTML)

    assert 503 == response.status_code
    assert "make web" in response.text
