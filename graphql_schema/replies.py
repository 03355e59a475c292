"""What an operation is answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError

from api.error_codes import ErrorCode
from graphql_schema.errors import formatted

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Reply:
    """One response, written. What it was written from is not kept: of a page that is a thousand objects, which each
    collection of garbage would walk for as long as the page is given to others."""

    encoded: bytes
    """As JSON, for however many it is sent to."""
    executed: bool
    """False where the request itself was at fault: then there is no `data`."""
    errors: Sequence[dict[str, Any]] = ()
    """As they are written."""

    @classmethod
    def of(cls, payload: dict[str, Any], *, executed: bool) -> Reply:
        """The response that says this."""
        return cls(_ENCODER.encode(payload), executed, payload.get("errors", ()))

    @property
    def payload(self) -> dict[str, Any]:
        """What it says, read again."""
        said: dict[str, Any] = msgspec.json.decode(self.encoded)
        return said

    @property
    def codes(self) -> Sequence[str]:
        """Of its errors."""
        return [error["extensions"]["code"] for error in self.errors] if self.errors else ()

    @property
    def may_be_shared(self) -> bool:
        """Whether it may be given to others who asked for the same: errors tell the id of one request."""
        return self.executed and not self.errors


def reply_of(result: ExecutionResult, request_id: str) -> Reply:
    """What was executed. An error without a path arose before any field was resolved: the request was at fault."""
    errors = result.errors or []
    if result.data is None and not any(error.path for error in errors):
        return refusal(errors, request_id)
    payload: dict[str, Any] = {"data": result.data}
    if errors:
        payload["errors"] = [formatted(error, request_id=request_id) for error in errors]
    return Reply.of(payload, executed=True)


def refusal(errors: list[GraphQLError], request_id: str, *, code: ErrorCode = ErrorCode.BAD_USER_INPUT) -> Reply:
    """Why a request is not executed; `code` where an error has none of its own."""
    payload = {"errors": [formatted(error, request_id=request_id, code=code) for error in errors]}
    return Reply.of(payload, executed=False)


def too_late(seconds: float, request_id: str) -> Reply:
    """That the deadline has passed."""
    error = GraphQLError(f"The operation took longer than {seconds:g} s and was given up. Ask for less.")
    payload = {"errors": [formatted(error, request_id=request_id, code=ErrorCode.DEADLINE_EXCEEDED)], "data": None}
    return Reply.of(payload, executed=True)
