"""Secrets that we make: session secrets, API tokens, the administrator's one-time token.

Only the SHA-256 of any of them is stored: they have 256 bits of their own, so nothing slower is needed. API tokens look
like GitHub's (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/): a prefix that secret
scanners know, and a CRC-32 in base 62 by which a mistyped one is told without a look into the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import zlib

TOKEN_PREFIX = "mrg_"  # noqa: S105 - what every token starts with
SHOWN_CHARACTERS = 8
_ALPHABET = string.digits + string.ascii_letters
_RANDOM_CHARACTERS = 43
"""43 characters of 62 carry 256 bits."""
_CHECKSUM_CHARACTERS = 6


def new_secret() -> str:
    """256 random bits, for a URL or a cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def new_api_token() -> str:
    """`mrg_`, 256 random bits and the checksum."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return f"{TOKEN_PREFIX}{random}{_checksum(random)}"


def is_api_token(text: str) -> bool:
    """Whether it has the form of an API token, its checksum included."""
    body = text.removeprefix(TOKEN_PREFIX)
    if body == text or len(body) != _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS:
        return False
    random, checksum = body[:_RANDOM_CHARACTERS], body[_RANDOM_CHARACTERS:]
    return hmac.compare_digest(checksum.encode(), _checksum(random).encode())


def csrf_token(session_secret: str) -> str:
    """The token that goes with a session: whoever cannot read the session's cookie cannot work it out."""
    return hmac.new(session_secret.encode(), b"moorage csrf", hashlib.sha256).hexdigest()


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ""
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits.rjust(_CHECKSUM_CHARACTERS, _ALPHABET[0])
