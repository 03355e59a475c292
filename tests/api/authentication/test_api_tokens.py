"""API tokens are shown once, end by themselves, and are never more than their owner."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from api.authentication.models import ApiToken
from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal, Role, Scope
from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import ApiTokenRow, UserRow
from api.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from tests.api.authentication.conftest import caught_up

READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN
FIRST_TEN = PageRequest(first=10)


async def token_of(
    service: AuthenticationService, principal: Principal, *scopes: Scope, name: str = "ci", days: int = 30
) -> tuple[ApiToken, str]:
    wanted = frozenset(scopes or (READ,))
    return await service.create_api_token(principal, name=name, scopes=wanted, expires_in_days=days)


async def change(database: Database, **values: object) -> None:
    async with database.session() as session:
        await session.execute(update(ApiTokenRow).values(**values))
    await caught_up(database)


async def test_a_token_is_its_owner_with_its_scopes(service: AuthenticationService, ada: Principal) -> None:
    token, secret = await token_of(service, ada, READ)

    principal = await service.authenticate(bearer=secret)

    assert replace(ada, session_id=None, token_id=token.id, scopes=frozenset({READ})) == principal


async def test_of_the_secret_hash_and_beginning_are_stored(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    token, secret = await token_of(service, ada)

    async with database.session() as session:
        row = (await session.scalars(select(ApiTokenRow))).one()

    assert hashlib.sha256(secret.encode()).digest() == row.secret_hash
    assert secret[:8] == token.prefix == row.prefix
    assert secret not in repr(token)


@pytest.mark.parametrize("days", [1, 365])
async def test_it_works_for_as_long_as_asked(service: AuthenticationService, ada: Principal, days: int) -> None:
    token, _ = await token_of(service, ada, days=days)

    assert timedelta(days=days) == pytest.approx(token.expires_at - token.created_at, abs=timedelta(seconds=5))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 0}, "expiresInDays"),
        ({"days": 366}, "expiresInDays"),
        ({"days": -1}, "expiresInDays"),
        ({"name": "  "}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "ci\nforged"}, "name"),
    ],
)
async def test_what_is_wrong_is_told_by_its_field(
    service: AuthenticationService, ada: Principal, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await token_of(service, ada, **changes)  # type: ignore[arg-type]  # of mixed types, by design

    assert (field,) == refused.value.path


async def test_a_token_without_a_scope_is_refused(service: AuthenticationService, ada: Principal) -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.create_api_token(ada, name="ci", scopes=frozenset(), expires_in_days=1)

    assert ("scopes",) == refused.value.path


async def test_a_member_gets_no_administrators_token(service: AuthenticationService, ada: Principal) -> None:
    with pytest.raises(InvalidInput, match="ADMIN") as refused:
        await token_of(service, ada, READ, ADMIN)

    assert ("scopes",) == refused.value.path


async def test_an_administrator_gets_one(service: AuthenticationService, administrator: Principal) -> None:
    _, secret = await token_of(service, administrator, READ, ADMIN)

    principal = await service.authenticate(bearer=secret)

    assert principal is not None
    assert principal.is_administrator


async def test_an_administrators_token_loses_with_the_role(
    service: AuthenticationService, administrator: Principal, database: Database
) -> None:
    _, secret = await token_of(service, administrator, READ, ADMIN)
    before = await service.authenticate(bearer=secret)
    async with database.session() as session:
        await session.execute(update(UserRow).values(role=Role.MEMBER.value))
    await caught_up(database)

    after = await service.authenticate(bearer=secret)

    assert before is not None
    assert not await service.still_valid(before)
    assert after is not None
    assert frozenset({READ}) == after.scopes


async def test_an_administrators_token_without_the_scope_is_a_members(
    service: AuthenticationService, administrator: Principal
) -> None:
    _, secret = await token_of(service, administrator, READ, WRITE)

    principal = await service.authenticate(bearer=secret)

    assert principal is not None
    assert not principal.is_administrator


async def test_no_token_makes_another(service: AuthenticationService, ada: Principal) -> None:
    _, secret = await token_of(service, ada, READ, WRITE)
    by_token = await service.authenticate(bearer=secret)
    assert by_token is not None

    with pytest.raises(Forbidden, match="cannot make another"):
        await token_of(service, by_token, READ)


@pytest.mark.parametrize("bearer", ["", "guessed", "mrg_guessed", "mrg_" + "0" * 49, "mrg_é\x00"])
async def test_what_is_no_token_is_refused(service: AuthenticationService, ada: Principal, bearer: str) -> None:
    with pytest.raises(Unauthenticated):
        await service.authenticate(bearer=bearer)


async def test_a_revoked_token_is_refused_and_its_sockets_are_told(
    service: AuthenticationService, ada: Principal
) -> None:
    token, secret = await token_of(service, ada)
    principal = await service.authenticate(bearer=secret)
    assert principal is not None
    assert await service.still_valid(principal)

    assert token.id == (await service.revoke_api_token(ada, token.id)).id

    assert not await service.still_valid(principal)
    with pytest.raises(Unauthenticated):
        await service.authenticate(bearer=secret)


async def test_a_token_out_of_date_is_refused_and_its_sockets_are_told(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    _, secret = await token_of(service, ada)
    principal = await service.authenticate(bearer=secret)
    assert principal is not None

    await change(database, expires_at=datetime.now(UTC))

    assert not await service.still_valid(principal)
    with pytest.raises(Unauthenticated):
        await service.authenticate(bearer=secret)


async def test_the_time_of_use_is_kept_to_the_minute(
    service: AuthenticationService, ada: Principal, database: Database, passwords: Passwords
) -> None:
    token, secret = await token_of(service, ada)
    assert (await service.get_api_token(ada, token.id)).last_used_at is None

    await service.authenticate(bearer=secret)
    first = (await service.get_api_token(ada, token.id)).last_used_at
    await service.authenticate(bearer=secret)
    second = (await service.get_api_token(ada, token.id)).last_used_at
    await change(database, last_used_at=datetime.now(UTC) - timedelta(minutes=2))
    await AuthenticationService(database, passwords).authenticate(bearer=secret)
    third = (await service.get_api_token(ada, token.id)).last_used_at

    assert first is not None
    assert first == second
    assert third is not None
    assert third > first


async def test_they_are_listed_newest_first_without_those_that_ended(
    service: AuthenticationService, ada: Principal
) -> None:
    made = [(await token_of(service, ada, name=name))[0] for name in ("one", "two", "three")]
    await service.revoke_api_token(ada, made[1].id)

    page = await service.list_api_tokens(ada, FIRST_TEN)

    assert ["three", "one"] == [token.name for token in page.items]
    assert 2 == page.total


class TestSomebodyElse:
    """Another's token is as absent as one that never was."""

    async def test_does_not_see_it(self, service: AuthenticationService, ada: Principal, grace: Principal) -> None:
        token, _ = await token_of(service, ada)

        assert () == (await service.list_api_tokens(grace, FIRST_TEN)).items
        with pytest.raises(NotFound) as anothers:
            await service.get_api_token(grace, token.id)
        with pytest.raises(NotFound) as nobodys:
            await service.get_api_token(grace, uuid4())
        assert nobodys.value.message == anothers.value.message

    async def test_cannot_revoke_it(self, service: AuthenticationService, ada: Principal, grace: Principal) -> None:
        token, secret = await token_of(service, ada)

        with pytest.raises(NotFound):
            await service.revoke_api_token(grace, token.id)

        assert await service.authenticate(bearer=secret) is not None


class TestScopes:
    """A credential does what its scopes say, to its own tokens too."""

    async def test_writing_needs_the_scope(self, service: AuthenticationService, ada: Principal) -> None:
        token, _ = await token_of(service, ada)
        reader = replace(ada, scopes=frozenset({READ}))

        with pytest.raises(Forbidden):
            await token_of(service, reader, READ)
        with pytest.raises(Forbidden):
            await service.revoke_api_token(reader, token.id)

    async def test_reading_needs_the_scope(self, service: AuthenticationService, ada: Principal) -> None:
        token, _ = await token_of(service, ada)
        writer = replace(ada, scopes=frozenset({WRITE}))

        with pytest.raises(Forbidden):
            await service.list_api_tokens(writer, FIRST_TEN)
        with pytest.raises(Forbidden):
            await service.get_api_token(writer, token.id)
