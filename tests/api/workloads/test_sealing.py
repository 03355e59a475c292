"""Secret values at rest."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from api.database.encryption import DecryptionFailed, Encryption
from api.workloads.sealing import SecretSeal

VALUES = {"TOKEN": "canary-7f3a9d"}


@pytest.fixture
def seal() -> SecretSeal:
    return SecretSeal(Encryption(os.urandom(32)), table="revisions")


def test_what_is_sealed_opens_for_its_own_row(seal: SecretSeal) -> None:
    namespace_id, row_id = uuid4(), uuid4()

    sealed = seal.seal(VALUES, namespace_id=namespace_id, row_id=row_id)

    assert sealed is not None
    assert b"canary" not in sealed
    assert VALUES == seal.unseal(sealed, namespace_id=namespace_id, row_id=row_id)


def test_a_ciphertext_moved_to_another_row_does_not_open(seal: SecretSeal) -> None:
    namespace_id = uuid4()
    sealed = seal.seal(VALUES, namespace_id=namespace_id, row_id=uuid4())

    with pytest.raises(DecryptionFailed):
        seal.unseal(sealed, namespace_id=namespace_id, row_id=uuid4())


def test_a_ciphertext_moved_to_another_tenant_does_not_open(seal: SecretSeal) -> None:
    row_id = uuid4()
    sealed = seal.seal(VALUES, namespace_id=uuid4(), row_id=row_id)

    with pytest.raises(DecryptionFailed):
        seal.unseal(sealed, namespace_id=uuid4(), row_id=row_id)


def test_a_ciphertext_moved_to_another_table_does_not_open() -> None:
    encryption, namespace_id, row_id = Encryption(os.urandom(32)), uuid4(), uuid4()
    sealed = SecretSeal(encryption, table="plans").seal(VALUES, namespace_id=namespace_id, row_id=row_id)

    with pytest.raises(DecryptionFailed):
        SecretSeal(encryption, table="revisions").unseal(sealed, namespace_id=namespace_id, row_id=row_id)


def test_no_secrets_are_no_column(seal: SecretSeal) -> None:
    assert seal.seal({}, namespace_id=uuid4(), row_id=uuid4()) is None
    assert {} == seal.unseal(None, namespace_id=uuid4(), row_id=uuid4())
