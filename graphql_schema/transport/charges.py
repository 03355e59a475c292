"""What an operation was charged, as headers of its response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from graphql_schema.allowances import Charge

Header: TypeAlias = tuple[bytes, bytes]
"""As ASGI has it: the name is in lower case."""


def charge_headers(charge: Charge | None) -> Sequence[Header]:
    """`X-RateLimit-*` of the window that has the least left, as GitHub has them: Reset is in seconds of Unix time.

    With `Retry-After` (RFC 9110) where it was refused; nothing for strangers, who are not counted.
    """
    if charge is None:
        return ()
    balance = charge.tightest
    headers = [
        (b"x-ratelimit-limit", b"%d" % balance.limit),
        (b"x-ratelimit-remaining", b"%d" % balance.remaining),
        (b"x-ratelimit-reset", b"%d" % round(balance.reset)),
        (b"x-ratelimit-cost", b"%d" % charge.cost),
    ]
    if charge.retry_after is not None:
        headers.append((b"retry-after", b"%d" % charge.retry_after))
    return headers
