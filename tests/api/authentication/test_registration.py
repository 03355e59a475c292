"""Registering makes one user an address, and says by field what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authentication.throttle import MAX_FAILURES
from api.authorization.models import Role, Scope
from api.database.database import Database
from api.database.tables import CredentialRow, UserRow
from api.errors import Forbidden, InvalidInput, NameTaken, RateLimited
from tests.api.authentication.conftest import ELSEWHERE, HERE, PASSWORD, registration


async def count(database: Database, table: type[UserRow | CredentialRow]) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_whoever_registers_is_a_member_and_signed_in(service: AuthenticationService) -> None:
    signed_in = await service.register(registration(), address=HERE)

    principal = await service.authenticate(session_secret=signed_in.session_secret)

    assert principal is not None
    assert signed_in.user.id == principal.user_id
    assert Role.MEMBER is principal.role
    assert frozenset(Scope) == principal.scopes
    assert not principal.is_administrator


async def test_address_and_name_are_tidied(service: AuthenticationService) -> None:
    untidy = replace(registration("  Ada@Example.COM "), display_name="  Ada \t Lovelace ")

    signed_in = await service.register(untidy, address=HERE)

    assert ("ada@example.com", "Ada Lovelace") == (signed_in.user.email, signed_in.user.display_name)


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com", " ada@EXAMPLE.com"])
async def test_a_taken_address_is_told_and_leaves_nothing(
    service: AuthenticationService, database: Database, email: str
) -> None:
    await service.register(registration(), address=HERE)

    with pytest.raises(NameTaken) as refused:
        await service.register(registration(email), address=HERE)

    assert ("email",) == refused.value.path
    assert (1, 1) == (await count(database, UserRow), await count(database, CredentialRow))


async def test_asking_for_taken_addresses_is_limited_by_address(service: AuthenticationService) -> None:
    await service.register(registration(), address=HERE)
    for _ in range(MAX_FAILURES):
        with pytest.raises(NameTaken):
            await service.register(registration(), address=HERE)

    with pytest.raises(RateLimited) as refused:
        await service.register(registration("new@example.com"), address=HERE)

    assert 0 < refused.value.retry_after <= 300
    await service.register(registration("new@example.com"), address=ELSEWHERE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "ada"}, "email"),
        ({"email": "ada@"}, "email"),
        ({"email": "ada@example..com"}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"email": "ada@exam\x00ple.com"}, "email"),
        ({"email": "ada\u202e@example.com"}, "email"),
        ({"email": f"{'a' * 64}@{'b' * 190}.com"}, "email"),
        ({"display_name": "   "}, "displayName"),
        ({"display_name": "a" * 81}, "displayName"),
        ({"display_name": "Ada\x1b[2J"}, "displayName"),
        ({"password": "short"}, "password"),
        ({"password": "Ada@Example.com"}, "password"),
    ],
)
async def test_what_is_wrong_is_told_by_its_field(
    service: AuthenticationService, database: Database, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.register(replace(registration(), **changes), address=HERE)

    assert (field,) == refused.value.path
    assert 0 == await count(database, UserRow)


async def test_the_password_is_kept_as_argon2id_alone(service: AuthenticationService, database: Database) -> None:
    await service.register(registration(), address=HERE)

    async with database.session() as session:
        stored = await session.scalar(select(CredentialRow.password_hash))

    assert stored is not None
    assert stored.startswith("$argon2id$")


async def test_closed_registration_is_open_to_the_first_administrator_alone(
    database: Database, passwords: Passwords
) -> None:
    closed = AuthenticationService(database, passwords, registration_open=False)
    token = await closed.ensure_administrator_token()

    with pytest.raises(Forbidden, match="administrator"):
        await closed.register(registration(), address=HERE)
    first = await closed.register(registration("root@example.com", admin_token=token), address=HERE)

    assert Role.ADMINISTRATOR is first.user.role


def test_a_registration_does_not_show_its_secrets() -> None:
    shown = repr(registration(admin_token="one-time"))

    assert PASSWORD not in shown
    assert "one-time" not in shown
