"""GraphQL over HTTP, POST only: https://graphql.github.io/graphql-over-http/draft/; who accepts `text/event-stream`
first is answered by an event stream."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import Forbidden, MoorageError, RateLimited, Unauthenticated, Unavailable
from graphql_schema.context import Context
from graphql_schema.replies import Reply
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.event_stream import EVENT_STREAM, EventStream
from graphql_schema.transport.requests import BadRequest, read_json, read_operation

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"


class HTTPEndpoint:
    """The ASGI app that serves GraphQL over HTTP. The size of a body is limited in front of it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._respond(request)
        try:
            await response(scope, receive, send)
        except RateLimited as error:  # an event stream beyond what a user may have: nothing was sent yet
            await _refusal(error, JSON)(scope, receive, send)

    async def _respond(self, request: Request) -> ASGIApp:
        media_type = _accepted(request.headers.get("accept", "*/*"))
        if media_type is None:
            return _failure(406, f"Accept {JSON}, {GRAPHQL_RESPONSE} or {EVENT_STREAM}.", code="BAD_REQUEST")
        if request.method != "POST":
            message = "GraphQL is served by POST."
            return _failure(405, message, code="BAD_REQUEST", media_type=media_type, headers={"Allow": "POST"})
        if not _is_json(request.headers.get("content-type", "")):
            message = f"Send the request as {JSON}, in UTF-8."
            return _failure(415, message, code="BAD_REQUEST", media_type=media_type)
        return await self._execute(request, media_type)

    async def _execute(self, request: Request, media_type: str) -> ASGIApp:
        try:
            viewer = await self._backend.credentials.of_request(request)
            operation = read_operation(read_json(await request.body()))
        except BadRequest as error:
            return _failure(400, error.message, code="BAD_REQUEST", media_type=media_type)
        except MoorageError as error:
            return _refusal(error, media_type)
        context = Context(services=self._backend.services, viewer=viewer, request_id=request.state.request_id)
        if media_type == EVENT_STREAM:
            return EventStream(operation, context, self._backend)
        reply = await self._backend.executor.execute(operation, context)
        return _response(reply, media_type)


def _accepted(accept: str) -> str | None:
    """The media type to answer in: the first of ours that `accept` names; None where it names neither."""
    for each in accept.split(","):
        media_type, _, parameters = each.partition(";")
        media_type = media_type.strip().lower()
        if parameters.replace(" ", "") in {"q=0", "q=0.0"}:
            continue
        if media_type in {JSON, GRAPHQL_RESPONSE, EVENT_STREAM}:
            return media_type
        if media_type in {"*/*", "application/*"}:
            return JSON
    return None


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return media_type.strip().lower() == JSON and charset in {"", "charset=utf-8"}


def _response(reply: Reply, media_type: str) -> Response:
    """Clients that only know application/json look at the body alone: they get 200 for every GraphQL response."""
    status = 400 if media_type == GRAPHQL_RESPONSE and not reply.executed else 200
    return _json_response(status, reply.encoded, media_type)


_STATUS: Mapping[type[MoorageError], int] = {Unauthenticated: 401, Forbidden: 403, RateLimited: 429, Unavailable: 503}


def _refusal(error: MoorageError, media_type: str) -> Response:
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    status = _STATUS.get(type(error), 400)
    return _failure(status, error.message, code=error.code, media_type=media_type, headers=headers)


def _failure(
    status: int, message: str, *, code: str, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    payload = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return _json_response(status, msgspec.json.encode(payload), media_type, headers)


def _json_response(status: int, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    # What cannot be read or is not allowed has no stream; graphql-sse's clients read the status, and this beside it.
    media_type = JSON if media_type == EVENT_STREAM else media_type
    return Response(
        body,
        status_code=status,
        headers={"Content-Type": f"{media_type}; charset=utf-8", "Cache-Control": "no-store", **(headers or {})},
    )
