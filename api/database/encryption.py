"""Encryption at rest: AES-256-GCM, bound to the place that a value was written for.

Layout: one byte of format, 4 bytes of key id, 12 bytes of random nonce, then ciphertext and tag (NIST SP 800-38D). The
key id makes a later rotation an addition: old values name the key that opens them.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.errors import ConfigurationError, MoorageError

KEY_BYTES = 32
SETTING = "MOORAGE_ENCRYPTION_KEY"
_FORMAT = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class DecryptionFailed(MoorageError):
    """The value was written with another key, for another place, or was changed since."""


class Encryption:
    """Encrypts and decrypts with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ConfigurationError(f"the key must be {KEY_BYTES} bytes, and has {len(key)}", setting=SETTING)
        self._cipher = AESGCM(key)
        self._digest_key = hashlib.sha256(b"moorage digest key" + key).digest()
        self._key_id = hashlib.sha256(b"moorage key id" + key).digest()[:_KEY_ID_BYTES]

    def encrypt(self, plaintext: bytes, *, associated: bytes) -> bytes:
        """The ciphertext of `plaintext`, which opens only with the same `associated` place."""
        nonce = os.urandom(_NONCE_BYTES)
        header = _FORMAT + self._key_id
        return header + nonce + self._cipher.encrypt(nonce, plaintext, header + associated)

    def digest(self, text: str, *, associated: bytes) -> str:
        """A hash by which two texts of one place can be told apart; nobody without the key can try texts out."""
        return hmac.digest(self._digest_key, associated + b"\0" + text.encode(), "sha256").hex()

    def decrypt(self, ciphertext: bytes, *, associated: bytes) -> bytes:
        """What was encrypted for that place; raises DecryptionFailed for anything else."""
        header, rest = ciphertext[: 1 + _KEY_ID_BYTES], ciphertext[1 + _KEY_ID_BYTES :]
        if header != _FORMAT + self._key_id:
            raise DecryptionFailed(
                "A stored secret was encrypted with another key; MOORAGE_ENCRYPTION_KEY has changed."
            )
        try:
            return self._cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + associated)
        except InvalidTag as error:
            raise DecryptionFailed("A stored secret does not belong to the place it was read from.") from error


def parse_key(text: str) -> bytes:
    """A key of 32 bytes from base64; raises ConfigurationError."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ConfigurationError("the key must be base64 (try: openssl rand -base64 32)", setting=SETTING) from error
    if len(key) != KEY_BYTES:
        message = f"the key must be {KEY_BYTES} bytes in base64, and has {len(key)} (try: openssl rand -base64 32)"
        raise ConfigurationError(message, setting=SETTING)
    return key


def load_or_create_key(path: Path) -> bytes:
    """The key in a file readable by its owner alone, made where there is none; raises ConfigurationError."""
    try:
        if not path.exists():
            _create_key(path)
        return parse_key(path.read_text().strip())
    except OSError as error:
        message = f"the key file {path} cannot be used ({error.strerror}): mend that, or give the key by this setting"
        raise ConfigurationError(message, setting=SETTING) from error


def _create_key(path: Path) -> None:
    """Of several processes at once one makes the file, whole and on disk; a key that was lost opens nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
