"""Slowing down those who guess passwords, without locking out those whose password is guessed.

Five failures within 300 s from one address for one account close that pair. Failures for an account from anywhere make
every further address wait a little longer (doubling up to a minute), unless nothing failed from there: a victim
elsewhere can still sign in. Kept in PostgreSQL, so that it holds for all replicas.

Attempts take turns: a burst sent at once is counted one by one, as if it had been sent in a row. Passwords are checked
on one thread anyway, so that this costs nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.database import Database
from api.database.tables import LoginFailureRow
from api.errors import NameTaken, RateLimited, Unauthenticated

WINDOW = timedelta(seconds=300)
MAX_FAILURES = 5
FREE_FAILURES = 10
"""Failures of an account from anywhere before other failing addresses have to wait."""
_LONGEST_DELAY = timedelta(seconds=60)
MAX_WAITING = 100
"""Attempts that may wait for their turn; about ten seconds of work."""
_RETRY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: which account, from which address."""

    account: bytes
    address: str

    @classmethod
    def of(cls, account: str, address: str) -> Attempt:
        """`account` may be that of nobody; an IPv6 address stands for its /64, which one customer has whole."""
        return cls(hashlib.sha256(account.encode()).digest(), _network(address))


class Throttle:
    """Counts failures, and gives attempts their turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self, attempt: Attempt) -> AsyncIterator[None]:
        """The block is the attempt; where it raises Unauthenticated or NameTaken it is counted as a failure.

        Raises RateLimited where this attempt has to wait, or too many are waiting already.
        """
        await self._check(attempt)
        async with self._queued():
            await self._check(attempt)
            try:
                yield
            except (Unauthenticated, NameTaken):
                await self._failed(attempt)
                raise

    async def forgive(self, attempt: Attempt) -> None:
        """The failures from this address were the owner's own."""
        async with self._database.session() as session:
            await session.execute(
                delete(LoginFailureRow).where(
                    LoginFailureRow.account == attempt.account, LoginFailureRow.address == attempt.address
                )
            )

    @asynccontextmanager
    async def _queued(self) -> AsyncIterator[None]:
        if self._waiting >= MAX_WAITING:
            raise RateLimited("Many are signing in right now. Try again in 10 seconds.", retry_after=_RETRY_SECONDS)
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1

    async def _check(self, attempt: Attempt) -> None:
        async with self._database.session() as session:
            failures = await self._failures(session, attempt)
        here = [at for at, address in failures if address == attempt.address]
        now = datetime.now(UTC)
        if len(here) >= MAX_FAILURES:
            self._refuse(here[-MAX_FAILURES] + WINDOW - now)
        if here and len(failures) > FREE_FAILURES:
            delay = min(timedelta(seconds=2 ** min(len(failures) - FREE_FAILURES, 10)), _LONGEST_DELAY)
            self._refuse(failures[-1][0] + delay - now)

    async def _failed(self, attempt: Attempt) -> None:
        """Count a failure, and forget those that are too old to count."""
        async with self._database.session() as session:
            await session.execute(delete(LoginFailureRow).where(LoginFailureRow.failed_at < datetime.now(UTC) - WINDOW))
            session.add(LoginFailureRow(account=attempt.account, address=attempt.address))

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


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:  # noqa: PLR2004
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
