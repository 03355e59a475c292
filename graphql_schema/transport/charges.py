"""What an operation was charged, as headers of its response."""

from __future__ import annotations

from collections.abc import Mapping

from graphql_schema.allowances import Charge


def charge_headers(charge: Charge | None) -> Mapping[str, str]:
    """`X-RateLimit-*` of the window that has the least left, as GitHub has them: Reset is in seconds of Unix time.

    With `Retry-After` (RFC 9110) where it was refused; nothing for strangers, who are not counted.
    """
    if charge is None:
        return {}
    balance = charge.tightest
    headers = {
        "X-RateLimit-Limit": str(balance.limit),
        "X-RateLimit-Remaining": str(balance.remaining),
        "X-RateLimit-Reset": str(round(balance.reset)),
        "X-RateLimit-Cost": str(charge.cost),
    }
    if charge.retry_after is not None:
        headers["Retry-After"] = str(charge.retry_after)
    return headers
