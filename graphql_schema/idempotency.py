"""Requests that a client may send again: the same key, the same input, one effect."""

from __future__ import annotations

import strawberry

from api.idempotency.models import Asked
from graphql_schema.context import Info


@strawberry.input(description="What may be sent again without being done again.")
class RepeatableInput:
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="A key of the client's own (1 to 128 visible ASCII characters), kept for 24 hours: sent again with "
        "the same input nothing is done again, and the answer is that of the first time, made anew. With another "
        "input: IdempotencyConflictError. A request that failed has done nothing, and frees its key.",
    )


def asked_by(info: Info, input: RepeatableInput) -> Asked | None:
    """The request under its key; None where it has none. Raises InvalidInput for a key that is none."""
    values = {name: value for name, value in strawberry.asdict(input).items() if name != "idempotency_key"}
    return Asked.of(info.context.principal, input.idempotency_key, info.field_name, values)
