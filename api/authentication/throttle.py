"""Slowing down those who guess passwords, without locking out those whose password is guessed.

Five failures within 300 s from one address for one account close that pair. Failures for an account from anywhere make
every further address wait a little longer (doubling up to a minute), unless nothing failed from there: a victim
elsewhere can still sign in. Kept in PostgreSQL, so that it holds for all replicas.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.database import Database
from api.database.tables import LoginFailureRow
from api.errors import RateLimited

WINDOW = timedelta(seconds=300)
MAX_FAILURES = 5
_FREE_FAILURES = 10
"""Failures of an account from anywhere before other failing addresses have to wait."""
_LONGEST_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: which account, from which address."""

    account: bytes
    address: str

    @classmethod
    def of(cls, email: str, address: str) -> Attempt:
        return cls(hashlib.sha256(email.encode()).digest(), address)


class Throttle:
    """Counts failures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self, attempt: Attempt) -> None:
        """Raises RateLimited where this attempt has to wait."""
        async with self._database.session() as session:
            failures = await self._failures(session, attempt)
        here = [at for at, address in failures if address == attempt.address]
        now = datetime.now(UTC)
        if len(here) >= MAX_FAILURES:
            self._refuse(here[-MAX_FAILURES] + WINDOW - now)
        if here and len(failures) > _FREE_FAILURES:
            delay = min(timedelta(seconds=2 ** min(len(failures) - _FREE_FAILURES, 10)), _LONGEST_DELAY)
            self._refuse(failures[-1][0] + delay - now)

    async def failed(self, attempt: Attempt) -> None:
        """Count a failure, and forget those that are too old to count."""
        async with self._database.session() as session:
            await session.execute(delete(LoginFailureRow).where(LoginFailureRow.failed_at < datetime.now(UTC) - WINDOW))
            session.add(LoginFailureRow(account=attempt.account, address=attempt.address))

    async def succeeded(self, attempt: Attempt) -> None:
        """The failures from this address were the owner's own."""
        async with self._database.session() as session:
            await session.execute(
                delete(LoginFailureRow).where(
                    LoginFailureRow.account == attempt.account, LoginFailureRow.address == attempt.address
                )
            )

    async def _failures(self, session: AsyncSession, attempt: Attempt) -> list[tuple[datetime, str]]:
        statement = (
            select(LoginFailureRow.failed_at, LoginFailureRow.address)
            .where(LoginFailureRow.account == attempt.account, LoginFailureRow.failed_at > datetime.now(UTC) - WINDOW)
            .order_by(LoginFailureRow.failed_at)
        )
        return [(at, address) for at, address in await session.execute(statement)]

    @staticmethod
    def _refuse(wait: timedelta) -> None:
        seconds = wait.total_seconds()
        if seconds > 0:
            raise RateLimited(f"Too many failed tries. Try again in {seconds:.0f} seconds.", retry_after=seconds)
