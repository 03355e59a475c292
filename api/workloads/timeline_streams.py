"""An app's timeline as it is written.

An entry bears the time at which its transaction began, so that one may become visible after another that is later. So
whoever follows looks back as far as no transaction lasts, and knows what they were told within that time: each entry is
told once, in the order in which it became visible, and the cursor holds as much.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from api.authorization.models import Principal
from api.authorization.vigils import RECHECK_SECONDS, StillValid
from api.database.cursors import decoded, encoded
from api.database.database import Database
from api.errors import Forbidden, InvalidInput, NotFound
from api.waiting import comes
from api.workloads.access import WorkloadAccess
from api.workloads.timeline import TimelineEntry, TimelineRepository
from api.workloads.viewing import HEARTBEAT_SECONDS, RowChanges, Viewing

LOOKED_BACK = timedelta(minutes=2)
"""No transaction is open for longer: its statements and calls end after seconds."""
MOST_KNOWN = 100
"""Entries within that time that a cursor names; where there are more, it looks back less far."""
MOST_CHARACTERS = 16 * 1024
_LOOKS = 5
"""At rights, each a second after the last, before the rows are looked at though nobody told of a change."""
_AT_ONCE = 100


class TimelineUpdateKind(StrEnum):
    """What a message of a timeline's stream tells."""

    ENTRY = "entry"
    SYNCED = "synced"
    """What was missed has been told."""
    HEARTBEAT = "heartbeat"
    ENDED = "ended"


_SYNCED = TimelineUpdateKind.SYNCED


@dataclass(frozen=True, slots=True)
class TimelineUpdate:
    """One message, and the cursor from which to go on after it."""

    kind: TimelineUpdateKind
    cursor: str
    entry: TimelineEntry | None = None


class TimelinePlace(msgspec.Struct, frozen=True, array_like=True):
    """Up to where a timeline was told: nothing before `since`, and `known` of what is after it."""

    workload_id: UUID
    since: datetime | None = None
    known: tuple[tuple[UUID, datetime], ...] = ()

    def encode(self) -> str:
        """URL-safe text."""
        return encoded(self)

    @classmethod
    def decode(cls, text: str, workload_id: UUID) -> TimelinePlace:
        """Raises InvalidInput on path `after` for what is no cursor of this app's timeline."""
        place = decoded(text, cls, most=MOST_CHARACTERS, refusal=_no_cursor())
        times = [at for _, at in place.known] + ([place.since] if place.since is not None else [])
        if place.workload_id != workload_id or any(at.tzinfo is None for at in times):
            raise _no_cursor()
        return place


class _Told:
    """What was told of one timeline."""

    def __init__(self, place: TimelinePlace) -> None:
        self.place = place

    def add(self, entries: Iterable[TimelineEntry]) -> None:
        """Know these too, and forget what nobody looks back to any more."""
        known = dict(self.place.known) | {entry.id: entry.at for entry in entries}
        times = sorted(known.values(), reverse=True)
        bounds = [times[0] - LOOKED_BACK] if times else []
        since = max([*bounds, *times[MOST_KNOWN - 1 : MOST_KNOWN], *filter(None, [self.place.since])], default=None)
        kept = ((id, at) for id, at in known.items() if since is None or at >= since)
        self.place = TimelinePlace(self.place.workload_id, since, tuple(kept))


class TimelineStreams:
    """Follows timelines. `changes` wakes whoever follows; without a word it is looked every few seconds."""

    def __init__(
        self, database: Database, access: WorkloadAccess, changes: RowChanges, *, still_valid: StillValid
    ) -> None:
        self._database = database
        self._access = access
        self._changes = changes
        self._still_valid = still_valid

    async def follow(
        self, principal: Principal, workload_id: UUID, after: str | None
    ) -> AsyncGenerator[TimelineUpdate, None]:
        """What was written since the cursor `after` (without one: from now on), then what is written, until the app is
        gone, or the viewer's no longer.

        Raises NotFound, InvalidInput for what is no cursor, and Unauthenticated once the viewer is not signed in.
        """
        namespace, record = await self._access.by_id(principal, workload_id)
        viewing = Viewing(self._access, principal, self._still_valid, slug=namespace.slug, workload_id=record.id)
        clock = asyncio.get_running_loop().time
        with self._changes.subscribe(namespace.id) as changed:
            told, kind, told_at = await self._begin(workload_id, after), _SYNCED, clock()
            while kind is not TimelineUpdateKind.ENDED:
                async for entry in self._new(told):
                    yield TimelineUpdate(TimelineUpdateKind.ENTRY, told.place.encode(), entry)
                    told_at = clock()
                if kind is _SYNCED or clock() - told_at >= HEARTBEAT_SECONDS:
                    yield TimelineUpdate(kind, told.place.encode())
                    told_at = clock()
                is_over = await self._wait(changed, viewing)
                kind = TimelineUpdateKind.ENDED if is_over else TimelineUpdateKind.HEARTBEAT
            async for entry in self._last(principal, namespace.slug, told):
                yield TimelineUpdate(TimelineUpdateKind.ENTRY, told.place.encode(), entry)
            yield TimelineUpdate(kind, told.place.encode())

    async def _begin(self, workload_id: UUID, after: str | None) -> _Told:
        if after is not None:
            return _Told(TimelinePlace.decode(after, workload_id))
        told = _Told(TimelinePlace(workload_id))
        async with self._database.autocommit() as session:
            told.add(await TimelineRepository(session).latest(workload_id, MOST_KNOWN))
        return told

    async def _new(self, told: _Told) -> AsyncGenerator[TimelineEntry, None]:
        """Entries that were not told yet; each counts as told once it is given."""
        while True:
            place = told.place
            async with self._database.autocommit() as session:
                entries = await TimelineRepository(session).written_since(
                    place.workload_id, place.since, known=[id for id, _ in place.known], most=_AT_ONCE
                )
            for entry in entries:
                told.add([entry])
                yield entry
            if len(entries) < _AT_ONCE:
                return

    async def _last(self, principal: Principal, slug: str, told: _Told) -> AsyncGenerator[TimelineEntry, None]:
        """Of an app that is gone, that it was deleted; nothing to whom it is no longer theirs."""
        with suppress(NotFound, Forbidden):
            await self._access.namespace(principal, slug)
            async for entry in self._new(told):
                yield entry

    async def _wait(self, changed: asyncio.Event, viewing: Viewing) -> bool:
        """Until there may be something new, asking for rights meanwhile; True once it is over."""
        for _ in range(_LOOKS):
            await comes(changed, seconds=RECHECK_SECONDS)
            if await viewing.is_over():
                return True
            if changed.is_set():
                break
        changed.clear()
        return False


def _no_cursor() -> InvalidInput:
    message = "This is no cursor of this timeline. Send one that a message carried, or none to begin now."
    return InvalidInput(message, path=("after",))
