"""What clients tell failures apart by: `extensions.code` of GraphQL errors, `code` of problems over REST.

The list is closed: nothing else is ever sent, and what is here keeps its meaning. A client that meets a code that it
does not know treats it as INTERNAL_SERVER_ERROR.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """The codes. The README tells users what to do about each."""

    BAD_REQUEST = "BAD_REQUEST"
    """What was sent is no request of the protocol: not JSON, a batch, no `query`, a subscription by POST."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The document cannot be parsed, or has too many tokens."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The document does not fit the schema."""
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    """The document, or what it may bring or costs, is beyond a limit: it never passes as it is."""
    BAD_USER_INPUT = "BAD_USER_INPUT"
    """A variable, an argument or an input breaks a rule."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """Nobody is signed in, or the credential no longer holds."""
    FORBIDDEN = "FORBIDDEN"
    """Signed in, and not allowed."""
    NOT_FOUND = "NOT_FOUND"
    """Absent, or not the caller's: the two look alike."""
    CONFLICT = "CONFLICT"
    """What there is stands against it: a name in use, a plan that no longer holds, an idempotency key that is used."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too much in too short a time; `retryAfter` says in how many seconds it may be tried again."""
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    """The operation took too long and was given up."""
    UNAVAILABLE = "UNAVAILABLE"
    """A part (`part`: cluster, database or metrics) does not answer; `retryAfter` where that part said when it will."""
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    """A bug of ours, masked; `requestId` finds it in the log."""

    MISDIRECTED = "MISDIRECTED"
    """Over HTTP alone: asked under a name that is not this server's."""
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    """Over HTTP alone: a compressed body."""
    REQUEST_TIMEOUT = "REQUEST_TIMEOUT"
    """Over HTTP alone: the body did not arrive in time."""
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    """Over HTTP alone: the body has more bytes than are read."""
