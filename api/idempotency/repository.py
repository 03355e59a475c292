"""The rows of idempotency keys, within one transaction of the caller's. Every time is the database's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from api.database.tables import IdempotencyKeyRow
from api.errors import IdempotencyConflict
from api.idempotency.models import Asked, Claim, Result

KEPT = timedelta(hours=24)


class IdempotencyRepository:
    """Claims of keys; only whoever holds a claim changes what is on record of it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, asked: Asked, *, lease: timedelta) -> Claim | None:
        """The claim of a key that is new, finished, or left by whoever worked on it; None while somebody does.

        Raises IdempotencyConflict where the key stands for something else.
        """
        row = await self._session.scalar(
            select(IdempotencyKeyRow).where(
                IdempotencyKeyRow.user_id == asked.user_id,
                IdempotencyKeyRow.key == asked.key,
                IdempotencyKeyRow.created_at >= func.now() - KEPT,
            )
        )
        claim = Claim(asked, uuid4())
        if row is None:
            return claim if await self._insert(claim, lease) else None
        _require_same(row, asked)
        if row.finished_at is not None:
            return Claim(asked, row.token, row.result, finished=True)
        return await self._take_over(claim, lease)

    async def link(self, claim: Claim, result: Result) -> None:
        """Record what is being made, in the transaction that makes it; whoever takes the key over begins with that."""
        await self._session.execute(self._held(claim).values(result=dict(result)))

    async def finish(self, claim: Claim) -> None:
        """It is done: from now on the key is answered by what is on record."""
        await self._session.execute(self._held(claim).values(finished_at=func.now()))

    async def let_go(self, claim: Claim) -> None:
        """Let the next one who asks take the key over at once."""
        await self._session.execute(self._held(claim).values(claimed_until=func.now()))

    async def forget(self, claim: Claim) -> None:
        """Nothing was done: the key is free for anything again."""
        await self._session.execute(delete(IdempotencyKeyRow).where(*_is_held(claim)))

    async def _insert(self, claim: Claim, lease: timedelta) -> bool:
        """False where another was quicker. The user's keys of yesterday are forgotten here."""
        asked = claim.asked
        await self._session.execute(
            delete(IdempotencyKeyRow).where(
                IdempotencyKeyRow.user_id == asked.user_id, IdempotencyKeyRow.created_at < func.now() - KEPT
            )
        )
        statement = (
            insert(IdempotencyKeyRow)
            .values(
                user_id=asked.user_id,
                key=asked.key,
                operation=asked.operation,
                fingerprint=asked.fingerprint,
                token=claim.token,
                claimed_until=func.now() + lease,
            )
            .on_conflict_do_nothing()
            .returning(IdempotencyKeyRow.key)
        )
        return await self._session.scalar(statement) is not None

    async def _take_over(self, claim: Claim, lease: timedelta) -> Claim | None:
        """Of many that try at once one succeeds."""
        statement = (
            update(IdempotencyKeyRow)
            .where(
                IdempotencyKeyRow.user_id == claim.asked.user_id,
                IdempotencyKeyRow.key == claim.asked.key,
                IdempotencyKeyRow.finished_at.is_(None),
                IdempotencyKeyRow.claimed_until <= func.now(),
            )
            .values(token=claim.token, claimed_until=func.now() + lease)
            .returning(IdempotencyKeyRow.result)
        )
        taken = (await self._session.execute(statement)).one_or_none()
        return replace(claim, result=taken[0]) if taken is not None else None

    def _held(self, claim: Claim) -> Update:
        return update(IdempotencyKeyRow).where(*_is_held(claim))


def _is_held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyKeyRow.user_id == claim.asked.user_id,
        IdempotencyKeyRow.key == claim.asked.key,
        IdempotencyKeyRow.token == claim.token,
    )


def _require_same(row: IdempotencyKeyRow, asked: Asked) -> None:
    if (row.operation, row.fingerprint) == (asked.operation, asked.fingerprint):
        return
    raise IdempotencyConflict(
        f"This idempotency key was used for {row.operation} with another input. Take a new key for another request.",
        path=("idempotency_key",),
    )
