"""The two cookies of a session, and where a browser's request comes from.

Names with `__Host-` bind them to this very host (RFC 6265bis, section 4.1.3.2). Browsers keep such cookies on plain
HTTP for loopback only, which is the one place where plain HTTP is served.
"""

from __future__ import annotations

from starlette.responses import Response

from api.authentication.models import SignedIn
from api.authentication.sessions import ABSOLUTE

SESSION_COOKIE = "__Host-moorage-session"
CSRF_COOKIE = "__Host-moorage-csrf"
CSRF_HEADER = "X-CSRF-Token"


def set_cookies(response: Response, signed_in: SignedIn) -> None:
    """Give the browser a session: its secret out of reach of scripts, the CSRF token within."""
    _set(response, SESSION_COOKIE, signed_in.session_secret, httponly=True)
    _set(response, CSRF_COOKIE, signed_in.csrf_token, httponly=False)


def clear_cookies(response: Response) -> None:
    """Take both from the browser."""
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, path="/", secure=True, samesite="lax")


def _set(response: Response, name: str, value: str, *, httponly: bool) -> None:
    age = int(ABSOLUTE.total_seconds())
    response.set_cookie(name, value, max_age=age, path="/", secure=True, httponly=httponly, samesite="lax")
