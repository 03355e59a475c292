"""Reading what clients send: JSON of bounded size and depth, and the parameters of an operation in it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from graphql_schema.execution import Operation

MAX_JSON_DEPTH = 32

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class BadRequest(Exception):
    """What was sent is not what the protocol has."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def read_json(text: bytes) -> Any:
    """The JSON value of `text`; raises BadRequest where it is none, or is nested deeper than 32 levels."""
    if _depth(text) > MAX_JSON_DEPTH:
        raise BadRequest(f"The JSON is nested deeper than {MAX_JSON_DEPTH} levels.")
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"This is not JSON: {error}.") from error


def _depth(text: bytes) -> int:
    """How deep the brackets outside of strings are nested; a decoder would find out only by recursion."""
    depth = deepest = 0
    for bracket in _STRINGS.sub(b"", text).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def read_operation(body: Any) -> Operation:
    """The operation that a request's body asks for; raises BadRequest. Batches are refused."""
    if isinstance(body, list):
        raise BadRequest("Batches are not served: send each operation in a request of its own.")
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object with a `query`.")
    document_id = _optional_string(body, "documentId")
    query = _optional_string(body, "query")
    if document_id is None and query is None:
        raise BadRequest("`query` must be a string with a GraphQL document.")
    _optional_object(body, "extensions")
    return Operation(
        query=query,
        variables=_optional_object(body, "variables"),
        name=_optional_string(body, "operationName"),
        document_id=document_id,
    )


def _optional_object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"`{name}` must be an object or null.")
    return value


def _optional_string(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"`{name}` must be a string or null.")
    return value if value and value.strip() else None
