"""The REST routes: what a browser gets, and what other pages cannot do with it."""

from __future__ import annotations

import asyncio
import logging
from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pytest

from api.authentication.cookies import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE
from api.authentication.service import AuthenticationService
from api.authentication.throttle import MAX_FAILURES
from api.database.database import Database
from tests.api.authentication.conftest import PASSWORD, Browser

EVIL = {"Origin": "https://evil.test"}
JSON = {"Content-Type": "application/json"}
LOGIN = {"email": "ada@example.com", "password": PASSWORD}


def cookies(response: httpx.Response) -> dict[str, Morsel[str]]:
    """The cookies that a response sets, with their attributes."""
    jar: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        jar.load(header)
    return dict(jar)


def problem(response: httpx.Response) -> dict[str, Any]:
    """The body, which must be a problem by RFC 9457."""
    assert "application/problem+json" == response.headers["content-type"]
    body: dict[str, Any] = response.json()
    assert response.status_code == body["status"]
    assert {"title", "code", "message"} <= body.keys()
    return body


class TestRegister:
    async def test_signs_in(self, browser: Browser) -> None:
        response = await browser.register()

        assert 201 == response.status_code
        assert {"email": "ada@example.com", "displayName": "Ada", "role": "member"}.items() <= response.json()[
            "user"
        ].items()
        assert response.json()["user"] == await browser.user()

    async def test_names_the_field_and_the_way_out(self, browser: Browser) -> None:
        response = await browser.register(password="short")

        assert 422 == response.status_code
        assert ("BAD_USER_INPUT", "password") == (problem(response)["code"], problem(response)["field"])
        assert "12 characters" in problem(response)["message"]

    async def test_says_that_an_address_is_taken(self, browser: Browser) -> None:
        await browser.register()

        response = await browser.register()

        assert 409 == response.status_code
        assert ("CONFLICT", "email") == (problem(response)["code"], problem(response)["field"])

    async def test_takes_the_administrators_token(self, browser: Browser, service: AuthenticationService) -> None:
        token = await service.ensure_administrator_token()

        response = await browser.register(adminToken=token or "")

        assert "administrator" == response.json()["user"]["role"]

    @pytest.mark.parametrize("field", ["email", "password", "displayName"])
    async def test_names_a_field_that_is_missing_or_of_another_type(self, browser: Browser, field: str) -> None:
        whole: dict[str, object] = {**LOGIN, "displayName": "Ada"}

        for broken in ({**whole, field: 7}, {name: value for name, value in whole.items() if name != field}):
            response = await browser.post("/auth/register", json=broken)

            assert 422 == response.status_code
            assert field == problem(response)["field"]

    async def test_repeats_no_password_in_an_error(self, browser: Browser) -> None:
        for response in (
            await browser.register(email="no address", password="canary-canary-canary"),
            await browser.register(password="canary" * 200),
            await browser.post("/auth/register", content='{"password": "canary', headers=JSON),
        ):
            assert 422 == response.status_code
            assert "canary" not in response.text


class TestLogIn:
    async def test_sets_cookies_that_only_this_host_gets(self, browser: Browser) -> None:
        await browser.register()

        response = await browser.log_in()

        set_now = cookies(response)
        assert {SESSION_COOKIE, CSRF_COOKIE} == set_now.keys()
        for name, cookie in set_now.items():
            assert name.startswith("__Host-")
            assert cookie["secure"]
            assert ("/", "", "lax") == (cookie["path"], cookie["domain"], cookie["samesite"])
            assert str(12 * 3600) == cookie["max-age"]
        assert (True, "") == (set_now[SESSION_COOKIE]["httponly"], set_now[CSRF_COOKIE]["httponly"])
        assert "no-store" == response.headers["cache-control"]

    async def test_rotates_the_session(self, browser: Browser, service: AuthenticationService) -> None:
        await browser.register()
        before = browser.cookies[SESSION_COOKIE]

        await browser.log_in()

        assert before != browser.cookies[SESSION_COOKIE]
        assert await service.authenticate(session_secret=before) is None
        assert await browser.user() is not None

    async def test_tells_unknown_and_wrong_alike(self, browser: Browser) -> None:
        await browser.register()

        unknown = await browser.log_in("nobody@example.com")
        wrong = await browser.log_in(password="harbour-cedar-viola")

        assert 401 == wrong.status_code
        assert wrong.content == unknown.content
        assert {} == cookies(wrong)

    async def test_says_when_to_come_back_after_too_many_failures(self, browser: Browser) -> None:
        await browser.register()
        for _ in range(MAX_FAILURES):
            await browser.log_in(password="harbour-cedar-viola")

        response = await browser.log_in()

        assert 429 == response.status_code
        assert "RATE_LIMITED" == problem(response)["code"]
        assert 0 < int(response.headers["retry-after"]) <= 300

    @pytest.mark.parametrize(
        ("path", "body"), [("/auth/login", LOGIN), ("/auth/register", LOGIN | {"displayName": "Ada"})]
    )
    @pytest.mark.parametrize("headers", [EVIL, {"Origin": "null"}, {"Origin": ""}])
    async def test_from_another_page_is_refused(
        self, browser: Browser, path: str, body: dict[str, str], headers: dict[str, str]
    ) -> None:
        """Else a page could sign its visitor in as somebody else (login CSRF)."""
        await browser.register()
        browser.cookies.clear()

        response = await browser.post(path, json=body, headers=headers)

        assert 403 == response.status_code
        assert "FORBIDDEN" == problem(response)["code"]
        assert {} == cookies(response)

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    async def test_by_a_plain_form_is_refused(self, browser: Browser, kind: str) -> None:
        await browser.register()
        content = f'{{"email": "ada@example.com", "password": "{PASSWORD}"}}'

        response = await browser.post("/auth/login", content=content, headers={"Content-Type": kind})

        assert response.status_code in {403, 422}
        problem(response)
        assert {} == cookies(response)

    @pytest.mark.parametrize(
        "body",
        [b"", b"null", b"1", b'"x"', b"[]", b"{", b"\xff", b"[" * 20_000, b'{"email": "\\ud800", "password": "x"}'],
        ids=["empty", "null", "number", "string", "array", "cut off", "no UTF-8", "deep", "half a character"],
    )
    async def test_a_body_that_is_no_login_is_told_so(self, browser: Browser, body: bytes) -> None:
        response = await browser.post("/auth/login", content=body, headers=JSON)

        assert response.status_code in {400, 422}
        assert "BAD_USER_INPUT" == problem(response)["code"]


class TestLogOut:
    async def test_ends_the_session_and_takes_the_cookies(
        self, browser: Browser, service: AuthenticationService
    ) -> None:
        await browser.register()
        secret = browser.cookies[SESSION_COOKIE]

        response = await browser.log_out()

        assert 204 == response.status_code
        assert [] == list(browser.cookies)
        assert await service.authenticate(session_secret=secret) is None

    async def test_by_another_page_is_refused(self, browser: Browser) -> None:
        await browser.register()

        response = await browser.post("/auth/logout", json={}, headers=EVIL)

        assert 403 == response.status_code
        assert await browser.user() is not None

    async def test_without_the_csrf_token_is_refused(self, browser: Browser) -> None:
        await browser.register()

        response = await browser.post("/auth/logout", json={})

        assert 403 == response.status_code
        assert CSRF_HEADER in problem(response)["message"]

    async def test_of_nobody_is_fine(self, browser: Browser) -> None:
        assert 204 == (await browser.log_out()).status_code


class TestSession:
    async def test_is_nobodys_before_signing_in(self, browser: Browser) -> None:
        response = await browser.get("/auth/session")

        assert (200, {"user": None, "expiresAt": None}) == (response.status_code, response.json())
        assert "no-store" == response.headers["cache-control"]

    async def test_of_a_token_that_does_not_work_is_told_so(self, browser: Browser) -> None:
        response = await browser.get("/auth/session", headers={"Authorization": "Bearer mrg_guessed"})

        assert 401 == response.status_code
        assert "UNAUTHENTICATED" == problem(response)["code"]


async def test_a_database_that_does_not_answer_is_told_as_a_problem(browser: Browser, database: Database) -> None:
    held = [await database.engine.connect() for _ in range(20)]

    response = await asyncio.wait_for(browser.log_in(), 15)

    assert 503 == response.status_code
    assert "UNAVAILABLE" == problem(response)["code"]
    for connection in held:
        await connection.close()


async def test_the_openapi_document_describes_every_route(browser: Browser) -> None:
    document = (await browser.get("/openapi.json")).json()

    assert {"/auth/register", "/auth/login", "/auth/logout", "/auth/session"} == document["paths"].keys()
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert "Problem" in str(operation["responses"]["401"])


async def test_no_secret_is_in_any_log_of_signing_in(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await browser.register()
    await browser.log_in(password="canary-of-a-wrong-password")
    await browser.log_in()
    await browser.register()

    for secret in (PASSWORD, "canary-of-a-wrong-password", *browser.cookies.values()):
        assert secret not in caplog.text
