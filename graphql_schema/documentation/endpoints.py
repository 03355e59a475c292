"""What tells of the graph over HTTP: the schema for tools, the reference for people."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from graphql_schema.documentation.published import PublishedSchema
from graphql_schema.documentation.reference import reference_page

STYLESHEET = Path(__file__).with_name("reference.css")


class Documentation:
    """The documents, made once: they change with the server alone, and clients ask whether they did by ETag."""

    def __init__(self, sdl: str, *, has_explorer: bool) -> None:
        published = PublishedSchema.of(sdl)
        self._version = {"X-Schema-Version": published.version}
        self._sdl = published.sdl.encode()
        self._reference = reference_page(published, has_explorer=has_explorer).encode()
        self._stylesheet = STYLESHEET.read_bytes()

    async def schema(self, request: Request) -> Response:
        """The schema in the schema definition language; its version is in X-Schema-Version."""
        return _document(request, self._sdl, "text/plain; charset=utf-8", self._version)

    async def reference(self, request: Request) -> Response:
        """The reference of every type, field and argument, as a page."""
        return _document(request, self._reference, "text/html; charset=utf-8", self._version)

    async def stylesheet(self, request: Request) -> Response:
        """How the reference looks; it tells nothing of the graph."""
        return _document(request, self._stylesheet, "text/css; charset=utf-8", {})


def _document(request: Request, content: bytes, media_type: str, headers: dict[str, str]) -> Response:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**headers, "ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _has(if_none_match: str, etag: str) -> bool:
    """Whether the client's copy is this one: https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match."""
    tags = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in tags or etag in tags
