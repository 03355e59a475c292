"""Headers that tell browsers what pages of ours may do: nothing but talk to us."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping
from types import MappingProxyType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)

_POLICY = b"content-security-policy"


def content_security_policy(origins: Collection[str], *, styles: str = "", workers: str = "", fonts: str = "") -> str:
    """The policy of a page. `styles` is what it may use beside stylesheets of ours: a nonce, or 'unsafe-inline';
    `workers` where it may start workers from, and `fonts` where it may take fonts from, beside files of ours.

    WebSockets are named for browsers whose 'self' does not cover ws: and wss:. A policy has no way to write an IPv6
    address.
    """
    sockets = sorted(origin.replace("http", "ws", 1) for origin in origins if "[" not in origin)
    directives = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' {styles}".strip(),
        "img-src": "'self' data:",
        "font-src": f"'self' {fonts}".strip(),
        "connect-src": " ".join(["'self'", *sockets]),
        "worker-src": f"'self' {workers}".strip(),
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class SecurityHeaders:
    """Puts the headers on every response; a page that needs a policy of its own sets it first.

    It has nothing to await, nor has what it puts in the way of `send`: both hand on what there is to be awaited.
    """

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self._app = app
        headers = dict(SECURITY_HEADERS)
        if all(origin.startswith("https://") for origin in origins):
            headers["Strict-Transport-Security"] = "max-age=31536000"
        self._with_own_policy = _raw(headers)
        self._all = [*self._with_own_policy, *_raw({"Content-Security-Policy": content_security_policy(origins)})]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                has_policy = _POLICY in [name for name, _ in own]
                message["headers"] = [*own, *(self._with_own_policy if has_policy else self._all)]
            return send(message)

        return self._app(scope, receive, send_with_headers)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """As ASGI has them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
