"""A ciphertext opens with its key, in its place, unchanged, and in no other case."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.database.encryption import DecryptionFailed, Encryption, load_or_create_key, parse_key
from api.errors import ConfigurationError

KEY = bytes(range(32))


def test_what_was_encrypted_opens_in_its_place() -> None:
    sealed = Encryption(KEY).encrypt(b"value", associated=b"row 1")

    assert b"value" == Encryption(KEY).decrypt(sealed, associated=b"row 1")


def test_equal_values_have_different_ciphertexts() -> None:
    encryption = Encryption(KEY)

    assert encryption.encrypt(b"value", associated=b"") != encryption.encrypt(b"value", associated=b"")


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    sealed = Encryption(KEY).encrypt(b"value", associated=b"row 1")

    with pytest.raises(DecryptionFailed):
        Encryption(KEY).decrypt(sealed, associated=b"row 2")


@pytest.mark.parametrize("position", [0, 3, 8, -1])
def test_a_changed_ciphertext_does_not_open(position: int) -> None:
    sealed = bytearray(Encryption(KEY).encrypt(b"value", associated=b"row 1"))
    sealed[position] ^= 1

    with pytest.raises(DecryptionFailed):
        Encryption(KEY).decrypt(bytes(sealed), associated=b"row 1")


def test_another_key_is_told_by_name() -> None:
    sealed = Encryption(KEY).encrypt(b"value", associated=b"")

    with pytest.raises(DecryptionFailed, match="MOORAGE_ENCRYPTION_KEY"):
        Encryption(os.urandom(32)).decrypt(sealed, associated=b"")


@pytest.mark.parametrize("text", ["not base64!", "c2hvcnQ="])
def test_a_key_of_the_wrong_form_names_the_setting(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_key(text)

    assert "MOORAGE_ENCRYPTION_KEY" == refused.value.setting


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "encryption.key"

    assert load_or_create_key(path) == load_or_create_key(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    path = tmp_path / "encryption.key"

    with ThreadPoolExecutor(max_workers=8) as threads:
        keys = set(threads.map(lambda _: load_or_create_key(path), range(8)))

    assert 1 == len(keys)
    assert ["encryption.key"] == [file.name for file in tmp_path.iterdir()]


def test_a_key_file_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError) as refused:
        load_or_create_key(tmp_path / "file" / "encryption.key")

    assert "MOORAGE_ENCRYPTION_KEY" == refused.value.setting
