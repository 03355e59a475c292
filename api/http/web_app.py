"""Serves the built web app: hashed assets for good, one page for every address that the app itself routes."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Collection
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.http.headers import content_security_policy
from api.http.negotiation import accepts

NONCE_PLACEHOLDER = "__CSP_NONCE__"
EXPLORER_PLACEHOLDER = "__EXPLORER__"
"""Stands for `on` or `off`: by it the app knows whether there is an explorer to lead to."""

_API = ("/auth/", "/graphql")
_HTML = "text/html"
_NO_PAGE = "Here is the web app's page, as text/html, and nothing else. Programs ask /graphql."
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_NOT_BUILT = "The web app is not built. Run `make web`, or name its folder in MOORAGE_WEB_DIR.\n"


class Assets(StaticFiles):
    """Files whose names hold a hash of their content: they never change, and may be kept for good.

    Where the build left a compressed file beside one, that is sent to those who take it.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._compressed(path, scope) or await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    async def _compressed(self, path: str, scope: Scope) -> Response | None:
        accepted = Request(scope).headers.get("accept-encoding", "")
        for encoding, suffix in _ENCODINGS.items():
            if encoding in accepted and self.lookup_path(path + suffix)[1] is not None:
                response = await super().get_response(path + suffix, scope)
                response.headers["Content-Encoding"] = encoding
                response.headers["Content-Type"] = mimetypes.guess_type(path)[0] or "application/octet-stream"
                return response
        return None


class WebApp:
    """The pages of the web app, read once: a new build is served after a restart."""

    def __init__(self, directory: Path, *, origins: Collection[str], has_explorer: bool) -> None:
        self._origins = origins
        self._explorer = "on" if has_explorer else "off"
        self._index = _read(directory / "index.html")
        self._graphiql = _read(directory / "graphiql.html")
        self._files = _files_beside_the_pages(directory)
        self.assets = Assets(directory=directory / "assets", check_dir=False)

    async def page(self, request: Request) -> Response:
        """A file of the build's root (the icon, say), or the app's page, whatever the address: it routes itself.

        404 for addresses of the API, and of files where no page is asked for by name; 406 where none is taken.
        """
        path = request.url.path
        if file := self._files.get(path.removeprefix("/")):
            return FileResponse(file, headers={"Cache-Control": "public, max-age=3600"})
        accept = ",".join(request.headers.getlist("accept"))
        is_file = "." in path and _HTML not in accept
        if is_file or path.startswith(_API):
            raise HTTPException(404)
        if not accepts(accept, _HTML):
            raise HTTPException(406, _NO_PAGE, headers={"Vary": "Accept"})
        response = self._html(self._index, nonce=secrets.token_urlsafe(16))
        response.headers["Vary"] = "Accept"
        return response

    async def graphiql(self, request: Request) -> Response:  # noqa: ARG002  the shape of an endpoint
        """The explorer. Its editor styles itself from scripts and has its icons' font in its stylesheet, so this page
        alone allows inline styles and fonts.
        """
        return self._html(self._graphiql, nonce=None)

    def _html(self, page: str | None, *, nonce: str | None) -> Response:
        if page is None:
            return PlainTextResponse(_NOT_BUILT, status_code=503)
        policy = content_security_policy(
            self._origins,
            styles=f"'nonce-{nonce}'" if nonce else "'unsafe-inline'",
            workers="" if nonce else "blob:",
            fonts="" if nonce else "data:",
        )
        html = page.replace(NONCE_PLACEHOLDER, nonce or "").replace(EXPLORER_PLACEHOLDER, self._explorer)
        return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"})


def _read(page: Path) -> str | None:
    return page.read_text(encoding="utf-8") if page.is_file() else None


def _files_beside_the_pages(directory: Path) -> dict[str, Path]:
    """What the build put beside its pages. The pages are not in it: each is served under a policy of its own; and
    neither is what it tells the server alone, as JSON."""
    if not directory.is_dir():
        return {}
    return {file.name: file for file in directory.iterdir() if file.is_file() and file.suffix not in {".html", ".json"}}
