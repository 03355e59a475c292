"""The rows of namespaces, within one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page
from api.database.tables import NamespaceRow, UserRow
from api.namespaces.models import Namespace, NamespacePhase


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
            .returning(NamespaceRow)
        )
        row = await self._session.scalar(statement)
        return _model(row) if row is not None else None

    async def by_slug(self, slug: str) -> Namespace | None:
        return await self._one(select(NamespaceRow).where(NamespaceRow.slug == slug))

    async def by_id(self, namespace_id: UUID) -> Namespace | None:
        return await self._one(select(NamespaceRow).where(NamespaceRow.id == namespace_id))

    async def page(self, owner_id: UUID | None, request: PageRequest) -> Page[Namespace]:
        """Namespaces by name: of one owner, or of everybody where `owner_id` is None."""
        statement = select(NamespaceRow)
        if owner_id is not None:
            statement = statement.where(NamespaceRow.owner_id == owner_id)
        key = [NamespaceRow.name, NamespaceRow.id]
        return await keyset_page(self._session, statement, read=lambda row: _model(row[0]), key=key, request=request)

    async def unsettled(self, *, owner_id: UUID | None = None) -> list[Namespace]:
        """Namespaces on their way in or out, of one owner or of everybody."""
        phases = [NamespacePhase.PENDING.value, NamespacePhase.TERMINATING.value]
        statement = select(NamespaceRow).where(NamespaceRow.phase.in_(phases))
        if owner_id is not None:
            statement = statement.where(NamespaceRow.owner_id == owner_id)
        return [_model(row) for row in await self._session.scalars(statement)]

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
        statement = select(NamespaceRow).where(
            NamespaceRow.phase == NamespacePhase.ACTIVE.value, NamespaceRow.reconciliation_paused.is_(False)
        )
        return [_model(row) for row in await self._session.scalars(statement)]

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

    async def _one(self, statement: Select[NamespaceRow]) -> Namespace | None:
        row = await self._session.scalar(statement)
        return _model(row) if row is not None else None


def _model(row: NamespaceRow) -> Namespace:
    return Namespace(
        id=row.id,
        name=row.name,
        slug=row.slug,
        owner_id=row.owner_id,
        created_at=row.created_at,
        phase=NamespacePhase(row.phase),
        reconciliation_paused=row.reconciliation_paused,
    )
