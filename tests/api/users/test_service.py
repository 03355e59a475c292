"""Users see themselves; administrators see everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, insert

from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal, Role, Scope
from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import UserRow
from api.errors import Forbidden, NotFound
from api.users.service import UserService

REGISTERED = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("ada", "grace", "joan", "root")
FIRST_TEN = PageRequest(first=10)


@pytest.fixture
def service(database: Database) -> UserService:
    return UserService(database, Authorizer())


@pytest.fixture
async def ids(database: Database) -> dict[str, UUID]:
    """Four users, each registered a minute after the one before."""
    ids = {name: uuid4() for name in NAMES}
    rows = [
        {
            "id": ids[name],
            "email": f"{name}@example.com",
            "display_name": name.capitalize(),
            "role": Role.ADMINISTRATOR.value if name == "root" else Role.MEMBER.value,
            "created_at": REGISTERED + timedelta(minutes=number),
        }
        for number, name in enumerate(NAMES)
    ]
    async with database.session() as session:
        await session.execute(insert(UserRow), rows)
    return ids


@pytest.fixture
def ada(ids: dict[str, UUID]) -> Principal:
    return Principal(
        user_id=ids["ada"], email="ada@example.com", role=Role.MEMBER, scopes=frozenset({Scope.READ, Scope.WRITE})
    )


@pytest.fixture
def root(ids: dict[str, UUID]) -> Principal:
    return Principal(user_id=ids["root"], email="root@example.com", role=Role.ADMINISTRATOR, scopes=frozenset(Scope))


class TestGet:
    async def test_a_user_sees_themselves(self, service: UserService, ada: Principal) -> None:
        user = await service.get(ada, ada.user_id)

        assert ("ada@example.com", "Ada", Role.MEMBER) == (user.email, user.display_name, user.role)
        assert REGISTERED == user.created_at

    async def test_another_is_as_absent_as_nobody(
        self, service: UserService, ada: Principal, ids: dict[str, UUID]
    ) -> None:
        with pytest.raises(NotFound) as another:
            await service.get(ada, ids["grace"])
        with pytest.raises(NotFound) as nobody:
            await service.get(ada, uuid4())

        assert nobody.value.message == another.value.message

    async def test_an_administrator_sees_another(
        self, service: UserService, root: Principal, ids: dict[str, UUID]
    ) -> None:
        assert "grace@example.com" == (await service.get(root, ids["grace"])).email


class TestGetMany:
    async def test_leaves_out_whom_the_principal_may_not_see(
        self, service: UserService, ada: Principal, ids: dict[str, UUID]
    ) -> None:
        assert {ada.user_id} == (await service.get_many(ada, list(ids.values()))).keys()

    async def test_takes_one_statement(
        self, service: UserService, root: Principal, ids: dict[str, UUID], database: Database
    ) -> None:
        statements: list[str] = []

        def remember(*arguments: object) -> None:
            statements.append(str(arguments[2]))

        event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
        found = await service.get_many(root, [*ids.values(), uuid4()])
        event.remove(database.engine.sync_engine, "before_cursor_execute", remember)

        assert set(ids.values()) == found.keys()
        assert 1 == len(statements)


class TestList:
    async def test_is_for_administrators(self, service: UserService, ada: Principal) -> None:
        with pytest.raises(Forbidden):
            await service.list(ada, FIRST_TEN)

    async def test_needs_a_credential_that_carries_the_role(self, service: UserService, root: Principal) -> None:
        token = Principal(
            user_id=root.user_id, email=root.email, role=root.role, scopes=frozenset({Scope.READ, Scope.WRITE})
        )

        with pytest.raises(Forbidden):
            await service.list(token, FIRST_TEN)

    async def test_pages_through_everybody_in_the_order_of_registration(
        self, service: UserService, root: Principal, ids: dict[str, UUID]
    ) -> None:
        first = await service.list(root, PageRequest(first=3))
        rest = await service.list(root, PageRequest(first=3, after=first.cursors[-1]))

        assert list(NAMES) == [user.display_name.lower() for user in (*first.items, *rest.items)]
        assert (True, False) == (first.has_next, rest.has_next)
        assert 4 == first.total
