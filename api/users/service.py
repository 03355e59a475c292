"""Users, as those who may see them see them: themselves, and everybody for administrators."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, select

from api.authorization.authorizer import Authorizer, Rights, Verb
from api.authorization.models import Principal, Role
from api.database.database import Database
from api.database.pages import Order, Page, PageRequest
from api.database.paging import keyset_page
from api.database.searching import check_text, columns_contain
from api.database.tables import UserRow
from api.errors import NotFound
from api.users.models import BY_REGISTRATION, EVERYBODY, User, UserFilter, UserOrderField


class UserService:
    """The front door to users."""

    def __init__(self, database: Database, authorizer: Authorizer) -> None:
        self._database = database
        self._authorizer = authorizer

    async def get(self, principal: Principal, user_id: UUID) -> User:
        """One user; NotFound where there is none, or where the principal may not see them."""
        found = await self.get_many(principal, [user_id])
        if user_id not in found:
            raise NotFound("There is no such user.")
        return found[user_id]

    async def get_many(self, principal: Principal, user_ids: Collection[UUID]) -> dict[UUID, User]:
        """Those of the users that the principal may see, by id, in one statement."""
        visible = [one for one in user_ids if self._authorizer.may(principal, Verb.READ, owner_id=one)]
        async with self._database.session() as session:
            rows = await session.scalars(select(UserRow).where(UserRow.id.in_(visible)))
            return {row.id: user_model(row) for row in rows}

    def rights(self, principal: Principal, *, owner_id: UUID) -> Rights:
        """What the principal may do to what a user owns, as every service decides it. Pure: no statement."""
        return self._authorizer.rights(principal, owner_id=owner_id)

    async def list(
        self,
        principal: Principal,
        page: PageRequest,
        *,
        filter: UserFilter = EVERYBODY,
        order: Order[UserOrderField] = BY_REGISTRATION,
    ) -> Page[User]:
        """Everybody whom `filter` lets in; for administrators.

        Raises InvalidInput for a cursor of another order, and for what cannot be looked for.
        """
        self._authorizer.require(principal, Verb.ADMINISTER, owner_id=None)
        check_text(filter.text)
        async with self._database.session() as session:
            return await keyset_page(
                session,
                select(UserRow).where(*_filtered(filter)),
                read=lambda row: user_model(row[0]),
                key=[_ORDERS[order.field], UserRow.id],
                request=page,
                descending=order.descending,
                order=order.name,
            )


_ORDERS = {UserOrderField.CREATED_AT: UserRow.created_at, UserOrderField.EMAIL: UserRow.email}


def _filtered(filter: UserFilter) -> Iterator[ColumnElement[bool]]:
    if filter.roles:
        yield UserRow.role.in_(filter.roles)
    if filter.text:
        yield columns_contain(filter.text, UserRow.email, UserRow.display_name)


def user_model(row: UserRow) -> User:
    """The user of a row."""
    return User(
        id=row.id,
        email=row.email,
        display_name=row.display_name,
        role=Role(row.role),
        created_at=row.created_at,
    )
