"""Signatures by which a receiver knows that a delivery is Moorage's, and how old it is.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: any of its libraries
verifies them.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret starts with
_SECRET_BYTES = 32


def new_secret() -> str:
    """256 random bits, as the specification writes a symmetric secret."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(secrets_: Sequence[str], *, message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The three headers of a delivery, with one signature for each secret that is good.

    `message_id` stays the same when it is sent again, so that a receiver can tell that; `timestamp` is in seconds.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets_),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()
