"""Secrets have the bits that they should, and a mistyped token is told without the database."""

from __future__ import annotations

import hashlib
import math
import string

import pytest

from api.authentication.secret_tokens import csrf_token, digest, is_api_token, new_api_token, new_secret

ALPHABET = string.digits + string.ascii_letters


def test_a_secret_has_256_bits() -> None:
    assert 256 <= len(new_secret()) * 6
    assert 1000 == len({new_secret() for _ in range(1000)})


def test_a_token_has_prefix_at_least_192_bits_and_checksum() -> None:
    token = new_api_token()

    assert token.startswith("mrg_")
    assert set(token.removeprefix("mrg_")) <= set(ALPHABET)
    assert 192 <= math.log2(62) * (len(token) - len("mrg_") - 6)
    assert is_api_token(token)


@pytest.mark.parametrize("position", [4, 20, -1])
def test_one_wrong_character_is_told(position: int) -> None:
    letters = list(new_api_token())
    letters[position] = ALPHABET[(ALPHABET.index(letters[position]) + 1) % len(ALPHABET)]

    assert not is_api_token("".join(letters))


@pytest.mark.parametrize("text", ["", "mrg_", "mrg_" + "0" * 49, "ghp_" + "0" * 49, "mrg_" + "é" * 49])
def test_what_is_no_token_is_told(text: str) -> None:
    assert not is_api_token(text)


def test_the_checksum_is_crc32_in_base_62() -> None:
    """As GitHub's, so that its tools for scanning know how to check ours."""
    assert is_api_token("mrg_" + "a" * 43 + _base62_crc32("a" * 43))


def test_of_a_secret_the_sha256_is_stored() -> None:
    assert hashlib.sha256(b"secret").digest() == digest("secret")


def test_the_csrf_token_goes_with_one_session() -> None:
    assert csrf_token("one") == csrf_token("one")
    assert csrf_token("one") != csrf_token("other")
    assert "one" not in csrf_token("one")


def _base62_crc32(text: str) -> str:
    """Written anew from the bit-wise definition of the checksum (IEEE 802.3)."""
    value = 0xFFFFFFFF
    for byte in text.encode():
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    value ^= 0xFFFFFFFF
    return "".join(ALPHABET[value // 62**power % 62] for power in range(5, -1, -1))
