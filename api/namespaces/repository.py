"""The rows of namespaces, within one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Order, Page, PageRequest
from api.database.paging import AnyRow, AnySelect, keyset_page
from api.database.searching import columns_contain
from api.database.tables import NamespaceRow, UserRow
from api.namespaces.models import (
    BY_NAME,
    EVERY_NAMESPACE,
    Namespace,
    NamespaceFilter,
    NamespaceOrderField,
    NamespacePhase,
)

COLUMNS = (
    NamespaceRow.id,
    NamespaceRow.name,
    NamespaceRow.slug,
    NamespaceRow.owner_id,
    NamespaceRow.created_at,
    NamespaceRow.phase,
    NamespaceRow.reconciliation_paused,
)
"""What `namespace_of` reads a namespace from: plain columns take half the time of a mapped object."""
_NAMESPACES = select(*COLUMNS)
# Made once, as putting a statement together takes longer than having it answered.
_BY_SLUG = _NAMESPACES.where(NamespaceRow.slug == bindparam("slug"))
_BY_ID = _NAMESPACES.where(NamespaceRow.id == bindparam("id"))


_ORDERS = {
    NamespaceOrderField.NAME: NamespaceRow.name,
    NamespaceOrderField.CREATED_AT: NamespaceRow.created_at,
}


class NamespaceRepository:
    """Reads and writes namespaces. The phase of what it returns is the recorded one: the cluster is not asked."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_owner(self, owner_id: UUID) -> None:
        """Keep other transactions from adding namespaces of this owner until the present one ends."""
        await self._session.execute(select(UserRow.id).where(UserRow.id == owner_id).with_for_update(key_share=True))

    async def count(self, owner_id: UUID) -> int:
        """How many namespaces the owner has."""
        counted = select(func.count()).select_from(NamespaceRow).where(NamespaceRow.owner_id == owner_id)
        return await self._session.scalar(counted) or 0

    async def slugs(self) -> list[str]:
        """The names in the cluster of all of them."""
        return list(await self._session.scalars(select(NamespaceRow.slug)))

    async def add(self, *, owner_id: UUID, name: str, slug: str) -> Namespace | None:
        """A new namespace, pending; None where its owner has one of that name."""
        values = {
            "id": uuid4(),
            "owner_id": owner_id,
            "name": name,
            "slug": slug,
            "phase": NamespacePhase.PENDING.value,
        }
        statement = (
            insert(NamespaceRow)
            .values(values)
            .on_conflict_do_nothing(index_elements=[NamespaceRow.owner_id, NamespaceRow.name])
            .returning(*COLUMNS)
        )
        row = (await self._session.execute(statement)).one_or_none()
        return namespace_of(row) if row is not None else None

    async def by_slug(self, slug: str) -> Namespace | None:
        return await self._one(_BY_SLUG, slug=slug)

    async def by_id(self, namespace_id: UUID) -> Namespace | None:
        return await self._one(_BY_ID, id=namespace_id)

    async def page(
        self,
        owner_id: UUID | None,
        request: PageRequest,
        *,
        filter: NamespaceFilter = EVERY_NAMESPACE,
        order: Order[NamespaceOrderField] = BY_NAME,
    ) -> Page[Namespace]:
        """Namespaces of one owner, or of everybody where `owner_id` is None."""
        statement = _NAMESPACES
        if filter.text:
            statement = statement.where(columns_contain(filter.text, NamespaceRow.name, NamespaceRow.slug))
        if owner_id is not None:
            statement = statement.where(NamespaceRow.owner_id == owner_id)
        return await keyset_page(
            self._session,
            statement,
            read=namespace_of,
            key=[_ORDERS[order.field], NamespaceRow.id],
            request=request,
            descending=order.descending,
            order=order.name,
        )

    async def unsettled(self, *, owner_id: UUID | None = None) -> list[Namespace]:
        """Namespaces on their way in or out, of one owner or of everybody."""
        phases = [NamespacePhase.PENDING.value, NamespacePhase.TERMINATING.value]
        statement = _NAMESPACES.where(NamespaceRow.phase.in_(phases))
        if owner_id is not None:
            statement = statement.where(NamespaceRow.owner_id == owner_id)
        return [namespace_of(row) for row in await self._session.execute(statement)]

    async def move(self, namespace_id: UUID, phase: NamespacePhase, *, out_of: Collection[NamespacePhase]) -> bool:
        """Record `phase`; False, and nothing done, where the recorded one is none of `out_of`."""
        statement = (
            update(NamespaceRow)
            .where(NamespaceRow.id == namespace_id, NamespaceRow.phase.in_([each.value for each in out_of]))
            .values(phase=phase.value)
            .returning(NamespaceRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def reconciled(self) -> list[Namespace]:
        """Namespaces that are to be held to what is recorded of them."""
        statement = _NAMESPACES.where(
            NamespaceRow.phase == NamespacePhase.ACTIVE.value, NamespaceRow.reconciliation_paused.is_(False)
        )
        return [namespace_of(row) for row in await self._session.execute(statement)]

    async def pause_reconciliation(self, namespace_id: UUID, *, paused: bool) -> bool:
        """Record it; False where it was so already."""
        statement = (
            update(NamespaceRow)
            .where(NamespaceRow.id == namespace_id, NamespaceRow.reconciliation_paused.is_not(paused))
            .values(reconciliation_paused=paused)
            .returning(NamespaceRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def remove(self, namespace_ids: Collection[UUID]) -> None:
        """Forget namespaces with everything recorded of them."""
        await self._session.execute(delete(NamespaceRow).where(NamespaceRow.id.in_(namespace_ids)))

    async def _one(self, statement: AnySelect, **values: str | UUID) -> Namespace | None:
        row = (await self._session.execute(statement, values)).one_or_none()
        return namespace_of(row) if row is not None else None


def namespace_of(row: AnyRow | tuple[Any, ...]) -> Namespace:
    """The namespace whose COLUMNS `row` begins with."""
    id_, name, slug, owner_id, created_at, phase, reconciliation_paused = row[: len(COLUMNS)]
    return Namespace(
        id=id_,
        name=name,
        slug=slug,
        owner_id=owner_id,
        created_at=created_at,
        phase=NamespacePhase(phase),
        reconciliation_paused=reconciliation_paused,
    )
