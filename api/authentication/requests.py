"""From a request to a principal, with the rules that keep other sites from using a browser's session.

A cookie comes with every request that a browser sends here, whichever page made it send it. So with a cookie, a POST
counts only with a JSON content type, an Origin of ours and the session's CSRF token in a header; a WebSocket only with
an Origin of ours. Bearer tokens do not come by themselves and need none of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope
from starlette.websockets import WebSocket

from api.authentication.cookies import CSRF_HEADER, SESSION_COOKIE
from api.authentication.secret_tokens import csrf_token, digest
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal
from api.errors import Forbidden, Unauthenticated

MOST_KNOWN = 10_000
"""Requests of the same browsers and programs."""


class RequestAuthenticator:
    """Knows who sends a request or opens a socket. `origins` are those of our own pages."""

    def __init__(self, service: AuthenticationService, *, origins: frozenset[str]) -> None:
        self._service = service
        self._origins = origins
        self._secrets: dict[bytes, bytes] = {}
        """By the digest of a request's headers that passed, that of the secret which they show."""

    async def of_request(self, request: Request) -> Principal | None:
        """Who sends this; None for nobody.

        Raises Unauthenticated for a token that does not work, Forbidden for a cookie without what goes with it.
        """
        headers = _fingerprint(request.scope)
        shown = self._secrets.get(headers)
        known = self._service.known(shown) if shown is not None else None
        if known is not None:
            return known
        principal, secret = await self._read(request)
        if secret is not None:
            self._secrets[headers] = digest(secret)
            if len(self._secrets) > MOST_KNOWN:
                del self._secrets[next(iter(self._secrets))]
        return principal

    async def _read(self, request: Request) -> tuple[Principal | None, str | None]:
        """Who sends this, and the secret that they showed."""
        bearer = bearer_token(request)
        if bearer is not None:
            return await self._service.authenticate(bearer=bearer), bearer
        secret = request.cookies.get(SESSION_COOKIE)
        if secret is None:
            return None, None
        if request.method not in ("GET", "HEAD"):
            self.require_own_page(request)
            _require_csrf_token(request, secret)
        return await self._service.authenticate(session_secret=secret), secret

    async def of_socket(self, socket: WebSocket, bearer: str | None = None) -> Principal | None:
        """Who opens this, by the handshake, or by the bearer token of its first message; None for nobody."""
        bearer = bearer or bearer_token(socket)
        if bearer is not None:
            return await self._service.authenticate(bearer=bearer)
        secret = socket.cookies.get(SESSION_COOKIE)
        if secret is None:
            return None
        self._require_origin(socket)
        return await self._service.authenticate(session_secret=secret)

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the credential that `principal` came by goes on, with the same rights."""
        return await self._service.still_valid(principal)

    @property
    def tells_of_changes(self) -> bool:
        """Whether `following` may be relied on just now; else `still_valid` has to be asked again and again."""
        return self._service.tells_of_changes

    def following(self, principal: Principal, told: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `told` whenever the principal's credential or user may have changed, while the context lasts."""
        return self._service.following(principal, told)

    def require_own_page(self, request: Request) -> None:
        """Raises Forbidden unless a page of ours, or no browser at all, sends this as JSON."""
        if request.headers.get("content-type", "").split(";", maxsplit=1)[0].strip().lower() != "application/json":
            raise Forbidden("Send this with the content type application/json.")
        self._require_origin(request)

    def _require_origin(self, connection: HTTPConnection) -> None:
        if connection.headers.get("origin", "").lower() not in self._origins:
            raise Forbidden("This comes from a page that is not Moorage's own (its Origin is not allowed).")


_SHOWN = frozenset({b"authorization", b"cookie", b"origin", b"content-type", CSRF_HEADER.lower().encode()})
"""The headers that who sends a request is told by, and whether they may."""
_encode = msgspec.msgpack.Encoder().encode
"""Each text with its length, so that no two requests have the same bytes."""


def _fingerprint(scope: Scope) -> bytes:
    """The same for two requests that are let in, or not, alike. A digest, so that no secret is kept; BLAKE2, as what
    stands between Python and OpenSSL's takes longer than the digest."""
    shown = [header for header in scope["headers"] if header[0] in _SHOWN]
    return hashlib.blake2b(_encode((scope["method"], shown))).digest()


def bearer_token(connection: HTTPConnection) -> str | None:
    """The token of `Authorization: Bearer …` (RFC 6750); raises Unauthenticated for another scheme."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send an API token as `Authorization: Bearer …`.")
    return token.strip()


def _require_csrf_token(request: Request, session_secret: str) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), csrf_token(session_secret).encode()):
        raise Forbidden(f"The header {CSRF_HEADER} must carry the session's token. Reload the page.")
