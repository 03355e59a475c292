"""GraphQL over HTTP, POST only: https://graphql.github.io/graphql-over-http/draft/; who accepts `text/event-stream`
first is answered by an event stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.error_codes import ErrorCode
from api.errors import Forbidden, MoorageError, RateLimited, Unauthenticated, Unavailable
from graphql_schema.allowances import Charge
from graphql_schema.context import Context
from graphql_schema.execution import Operation
from graphql_schema.replies import Reply
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.charges import Header, charge_headers
from graphql_schema.transport.event_stream import EVENT_STREAM, EventStream
from graphql_schema.transport.requests import BadRequest, read_json, read_operation

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
_KEPT_BODIES, _MOST_KEPT_BODY, _MOST_KEPT_VARIABLES = 1_000, 16 * 1024, 1024
"""Bytes, but for the first. Variables that were read take twenty times their JSON, and strangers send them too."""
_MOST_KEPT_HEADER = 256
"""Bytes: nothing limits the length of one."""


class HTTPEndpoint:
    """The ASGI app that serves GraphQL over HTTP. The size of a body is limited, and it is read, in front of it.

    It speaks ASGI itself: Starlette's requests and responses take as long as an answer from memory does.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._operations = LatestOperations()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope, receive)
        if isinstance(answer, EventStream):
            try:
                await answer(scope, receive, send)
            except RateLimited as error:  # more streams than a user may have: nothing was sent yet
                answer = _refusal(error, JSON)
            else:
                return
        await send(answer.start)
        await send(answer.body)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | EventStream:
        headers = dict(scope["headers"])
        media_type = _accepted(headers.get(b"accept", b"*/*"))
        if media_type is None:
            return _failure(406, f"Accept {JSON}, {GRAPHQL_RESPONSE} or {EVENT_STREAM}.", code=ErrorCode.BAD_REQUEST)
        if scope["method"] != "POST":
            message = "GraphQL is served by POST."
            return _failure(
                405, message, code=ErrorCode.BAD_REQUEST, media_type=media_type, headers=[(b"allow", b"POST")]
            )
        if not _is_json(headers.get(b"content-type", b"")):
            message = f"Send the request as {JSON}, in UTF-8."
            return _failure(415, message, code=ErrorCode.BAD_REQUEST, media_type=media_type)
        return await self._execute(scope, receive, media_type)

    async def _execute(self, scope: Scope, receive: Receive, media_type: str) -> Answer | EventStream:
        try:
            viewer = await self._backend.credentials.of_request(Request(scope))
            operation = self._operations.of(await _body(receive))
        except BadRequest as error:
            return _failure(400, error.message, code=ErrorCode.BAD_REQUEST, media_type=media_type)
        except MoorageError as error:
            return _refusal(error, media_type)
        context = Context(services=self._backend.services, viewer=viewer, request_id=scope["state"]["request_id"])
        if media_type == EVENT_STREAM:
            context.transport = "sse"
            return EventStream(operation, context, self._backend)
        reply = await self._backend.executor.execute(operation, context)
        return _response(reply, media_type, context.charge)


class LatestOperations:
    """Reads requests' bodies, and keeps what the latest ones ask for: clients send the same ones again.

    Nothing is kept of mutations: they are not sent again, and bring secrets.
    """

    def __init__(self) -> None:
        self._read: dict[bytes, Operation] = {}

    def of(self, body: bytes) -> Operation:
        """The operation that `body` asks for; raises BadRequest."""
        operation = self._read.get(body)
        if operation is None:
            operation = read_operation(read_json(body))
            if _may_be_kept(body, operation):
                self._read[body] = operation
                if len(self._read) > _KEPT_BODIES:
                    del self._read[next(iter(self._read))]
        return operation


def _may_be_kept(body: bytes, operation: Operation) -> bool:
    """Whether it is small, and for certain no mutation: by its text as it was read, for the bytes may have escapes;
    what goes by an id may be one."""
    return (
        len(body) <= _MOST_KEPT_BODY
        and operation.query is not None
        and "mutation" not in operation.query
        and len(operation.encoded_variables) <= _MOST_KEPT_VARIABLES
    )


class Answer(NamedTuple):
    """The two messages of an answer by ASGI."""

    start: Message
    body: Message


async def _body(receive: Receive) -> bytes:
    """Whole; what has come of it where the client has gone."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _accepted(header: bytes) -> str | None:
    """The media type to answer in: the first of ours that `Accept` names; None where it names none."""
    return _known_accepted(header) if len(header) <= _MOST_KEPT_HEADER else _read_accepted(header)


def _read_accepted(header: bytes) -> str | None:
    for each in header.decode("latin-1").split(","):
        media_type, _, parameters = each.partition(";")
        media_type = media_type.strip().lower()
        if parameters.replace(" ", "") in {"q=0", "q=0.0"}:
            continue
        if media_type in {JSON, GRAPHQL_RESPONSE, EVENT_STREAM}:
            return media_type
        if media_type in {"*/*", "application/*"}:
            return JSON
    return None


_known_accepted = lru_cache(maxsize=1_000)(_read_accepted)


def _is_json(content_type: bytes) -> bool:
    return len(content_type) <= _MOST_KEPT_HEADER and _is_known_json(content_type)


@lru_cache(maxsize=1_000)
def _is_known_json(content_type: bytes) -> bool:
    media_type, _, parameters = content_type.decode("latin-1").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return media_type.strip().lower() == JSON and charset in {"", "charset=utf-8"}


def _response(reply: Reply, media_type: str, charge: Charge | None) -> Answer:
    """Clients that only know application/json look at the body alone: they get 200 for every GraphQL response."""
    status = 400 if media_type == GRAPHQL_RESPONSE and not reply.executed else 200
    if charge is not None and charge.retry_after is not None:
        status = 429  # whatever was asked: any client of HTTP knows what to do
    return _json_response(status, reply.encoded, media_type, charge_headers(charge))


_STATUS: Mapping[type[MoorageError], int] = {Unauthenticated: 401, Forbidden: 403, RateLimited: 429, Unavailable: 503}


def _refusal(error: MoorageError, media_type: str) -> Answer:
    headers: list[Header] = []
    if isinstance(error, Unauthenticated):
        headers.append((b"www-authenticate", b"Bearer"))
    if isinstance(error, RateLimited):
        headers.append((b"retry-after", b"%d" % max(1, round(error.retry_after))))
    status = _STATUS.get(type(error), 400)
    return _failure(status, error.message, code=error.code, media_type=media_type, headers=headers)


def _failure(
    status: int, message: str, *, code: ErrorCode, media_type: str = JSON, headers: Sequence[Header] = ()
) -> Answer:
    payload = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return _json_response(status, msgspec.json.encode(payload), media_type, headers)


_CONTENT_TYPES: Mapping[str, Header] = {
    JSON: (b"content-type", f"{JSON}; charset=utf-8".encode()),
    GRAPHQL_RESPONSE: (b"content-type", f"{GRAPHQL_RESPONSE}; charset=utf-8".encode()),
    # What cannot be read or is not allowed has no stream; graphql-sse's clients read the status, and this beside it.
    EVENT_STREAM: (b"content-type", f"{JSON}; charset=utf-8".encode()),
}
_NOT_KEPT: Header = (b"cache-control", b"no-store")


def _json_response(status: int, body: bytes, media_type: str, headers: Sequence[Header] = ()) -> Answer:
    told = [_CONTENT_TYPES[media_type], (b"content-length", b"%d" % len(body)), _NOT_KEPT, *headers]
    start = {"type": "http.response.start", "status": status, "headers": told}
    return Answer(start, {"type": "http.response.body", "body": body})
