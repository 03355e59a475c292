"""A browser's session counts for requests of our own pages only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.websockets import WebSocket

from api.authentication.cookies import CSRF_HEADER, SESSION_COOKIE
from api.authentication.requests import RequestAuthenticator
from api.authentication.secret_tokens import csrf_token
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal, Scope
from api.errors import Forbidden, Unauthenticated
from tests.api.authentication.conftest import HERE, ORIGIN, registration

EVIL = "https://evil.test"


@pytest.fixture
def authenticator(service: AuthenticationService) -> RequestAuthenticator:
    return RequestAuthenticator(service, origins=frozenset({ORIGIN}))


@pytest.fixture
async def secret(service: AuthenticationService) -> str:
    """The secret of a session of Ada's."""
    return (await service.register(registration(), address=HERE)).session_secret


def scope(kind: str, headers: Mapping[str, str], method: str) -> dict[str, object]:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": kind, "method": method, "path": "/graphql", "query_string": b"", "headers": raw}


def request(headers: Mapping[str, str], method: str = "POST") -> Request:
    return Request(scope("http", headers, method))


def socket(headers: Mapping[str, str]) -> WebSocket:
    async def never() -> dict[str, object]:
        raise AssertionError("the handshake is enough to know who it is")

    return WebSocket(scope("websocket", headers, "GET"), never, never)  # type: ignore[arg-type]  # nothing is sent


def own_page(secret: str) -> dict[str, str]:
    return {
        "Cookie": f"{SESSION_COOKIE}={secret}",
        "Origin": ORIGIN,
        "Content-Type": "application/json; charset=utf-8",
        CSRF_HEADER: csrf_token(secret),
    }


class TestPost:
    async def test_of_our_own_page_is_the_sessions(self, authenticator: RequestAuthenticator, secret: str) -> None:
        principal = await authenticator.of_request(request(own_page(secret)))

        assert principal is not None
        assert "ada@example.com" == principal.email

    @pytest.mark.parametrize(
        "changes",
        [
            {"Origin": EVIL},
            {"Origin": "null"},
            {"Origin": f"{ORIGIN}.evil.test"},
            {"Origin": ORIGIN.replace("https", "http")},
            {"Origin": None},
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
            {"Content-Type": "text/plain; application/json"},
            {"Content-Type": None},
            {CSRF_HEADER: None},
            {CSRF_HEADER: ""},
            {CSRF_HEADER: "guessed"},
            {CSRF_HEADER: csrf_token("another session")},
            {CSRF_HEADER: "é"},
        ],
    )
    async def test_of_anything_else_is_refused(
        self, authenticator: RequestAuthenticator, secret: str, changes: dict[str, str | None]
    ) -> None:
        headers = {name: value for name, value in (own_page(secret) | changes).items() if value is not None}

        with pytest.raises(Forbidden):
            await authenticator.of_request(request(headers))

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    async def test_is_not_the_only_method_that_is_guarded(
        self, authenticator: RequestAuthenticator, secret: str, method: str
    ) -> None:
        with pytest.raises(Forbidden):
            await authenticator.of_request(request(own_page(secret) | {"Origin": EVIL}, method))

    async def test_of_a_session_that_ended_is_nobodys(
        self, authenticator: RequestAuthenticator, service: AuthenticationService, secret: str
    ) -> None:
        await service.log_out(secret)

        assert await authenticator.of_request(request(own_page(secret))) is None


async def test_reading_needs_the_cookie_alone(authenticator: RequestAuthenticator, secret: str) -> None:
    """Other sites may send it, and cannot read the answer."""
    principal = await authenticator.of_request(request({"Cookie": f"{SESSION_COOKIE}={secret}"}, "GET"))

    assert principal is not None


async def test_whoever_shows_nothing_is_nobody(authenticator: RequestAuthenticator) -> None:
    assert await authenticator.of_request(request({})) is None
    assert await authenticator.of_socket(socket({})) is None


class TestBearer:
    @pytest.fixture
    async def token(self, service: AuthenticationService, ada: Principal) -> str:
        wanted = frozenset({Scope.READ})
        return (await service.create_api_token(ada, name="ci", scopes=wanted, expires_in_days=1))[1]

    async def test_needs_no_page_of_ours(self, authenticator: RequestAuthenticator, ada: Principal, token: str) -> None:
        principal = await authenticator.of_request(request({"Authorization": f"Bearer {token}", "Origin": EVIL}))

        assert principal is not None
        assert (ada.user_id, frozenset({Scope.READ})) == (principal.user_id, principal.scopes)

    async def test_goes_before_a_cookie(
        self, authenticator: RequestAuthenticator, service: AuthenticationService, token: str
    ) -> None:
        """What was asked for as a token is not done with the wider rights of a session."""
        grace = await service.register(registration("grace@example.com"), address=HERE)
        headers = own_page(grace.session_secret) | {"Authorization": f"Bearer {token}"}

        principal = await authenticator.of_request(request(headers))

        assert principal is not None
        assert "ada@example.com" == principal.email

    @pytest.mark.parametrize("header", ["Bearer guessed", "Bearer", "Bearer  ", "Basic YWRhOmFkYQ==", ""])
    async def test_that_does_not_work_is_told_even_beside_a_cookie(
        self, authenticator: RequestAuthenticator, service: AuthenticationService, header: str
    ) -> None:
        secret = (await service.register(registration(), address=HERE)).session_secret

        with pytest.raises(Unauthenticated):
            await authenticator.of_request(request(own_page(secret) | {"Authorization": header}))

    async def test_opens_a_socket_by_handshake_or_first_message(
        self, authenticator: RequestAuthenticator, ada: Principal, token: str
    ) -> None:
        by_handshake = await authenticator.of_socket(socket({"Authorization": f"Bearer {token}"}))
        by_message = await authenticator.of_socket(socket({}), token)

        assert by_handshake is not None
        assert ada.user_id == by_handshake.user_id
        assert by_handshake == by_message


class TestSocket:
    async def test_of_our_own_page_is_the_sessions(self, authenticator: RequestAuthenticator, secret: str) -> None:
        principal = await authenticator.of_socket(
            socket({"Cookie": f"{SESSION_COOKIE}={secret}", "Origin": ORIGIN.upper()})
        )

        assert principal is not None
        assert "ada@example.com" == principal.email

    @pytest.mark.parametrize("origin", [{}, {"Origin": EVIL}, {"Origin": "null"}])
    async def test_of_another_page_is_refused(
        self, authenticator: RequestAuthenticator, secret: str, origin: dict[str, str]
    ) -> None:
        with pytest.raises(Forbidden):
            await authenticator.of_socket(socket({"Cookie": f"{SESSION_COOKIE}={secret}"} | origin))

    async def test_asks_on_whether_its_principal_is_still_signed_in(
        self, authenticator: RequestAuthenticator, service: AuthenticationService, secret: str
    ) -> None:
        principal = await service.authenticate(session_secret=secret)
        assert principal is not None
        assert await authenticator.still_valid(principal)

        await service.log_out(secret)

        assert not await authenticator.still_valid(principal)
