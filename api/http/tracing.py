"""A span for each request to the API. Pages, files and probes have none."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.monitoring.tracing import ActiveSpan, Tracing

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SERVER_ERROR = 500


class TracedRequests:
    """Behind what gives requests their ids. Names are those of https://opentelemetry.io/docs/specs/semconv/http/:
    of the path only what is ours, and nothing of the query."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = _route(scope)
        if route is None:
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        attributes = {
            "http.request.method": method,
            "http.route": route,
            "url.scheme": scope["scheme"],
            "moorage.request_id": scope["state"]["request_id"],
        }
        span = self._tracing.serve(f"{method} {route}", attributes, traceparent=Headers(scope=scope).get("traceparent"))
        await _Request(span).serve(self._app, scope, receive, send)


class _Request:
    """One request, and the status that it was answered with."""

    def __init__(self, span: ActiveSpan | None) -> None:
        self._span = span
        self._status = _SERVER_ERROR

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
            await send(message)

        try:
            await app(scope, receive, noting_send)
        finally:
            if self._span is not None:
                self._span.tell({"http.response.status_code": self._status})
                self._span.end(str(self._status) if self._status >= _SERVER_ERROR else None)


def _route(scope: Scope) -> str | None:
    """The path of a request to the API as it is declared; None of any other."""
    if scope["type"] != "http":
        return None
    path = scope["path"]
    if path == "/graphql":
        return "/graphql"
    return "/auth/*" if path.startswith("/auth/") else None
