"""What is told of a namespace, or of one workload in it: worked out once, kept for a while, read by all who follow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple
from uuid import UUID, uuid4

from api.namespaces.models import Namespace
from api.workloads.cursors import Cursor
from api.workloads.diagnosis.models import Diagnosis
from api.workloads.models import Pod, Run, Workload
from api.workloads.updates import ResetReason, Sink, UpdateKind, WorkloadChange, WorkloadUpdate

TOLD_AT_ONCE = 100
"""Messages: to send them takes some milliseconds."""
KEPT = 256
"""Messages, from which a reader that was cut off goes on."""
MOST_BEHIND = 64
"""Messages. A reader that is further behind is told the latest state of each workload, and how many it missed."""


class Shown(NamedTuple):
    """A workload as its followers are told of it: told anew when it differs."""

    timeless: Workload
    """A workload without the time at which it was read."""
    diagnosis: Diagnosis | None
    pods: tuple[Pod, ...]
    runs: tuple[Run, ...]
    """Of a workload that is followed alone its pods and runs, which its page lists."""
    is_left_alone: bool
    """Whether its namespace is not reconciled."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The state of a workload that was told last."""

    shown: Shown
    workload: Workload
    sequence: int


class Reader:
    """Where one of a feed's `readers` is, and how it waits for more: itself one of them for the length of a `with`
    block."""

    __slots__ = ("_readers", "_sink", "_waiter", "_woken", "told")

    def __init__(self, readers: set[Reader]) -> None:
        self._readers = readers
        self.told = -1
        """Up to which message it was told while it waits for the next."""
        self._woken = False
        self._waiter: asyncio.Future[None] | None = None
        self._sink: Sink | None = None

    def __enter__(self) -> Reader:
        self._readers.add(self)
        return self

    def __exit__(self, *error: object) -> None:
        self._readers.discard(self)

    @property
    def is_woken(self) -> bool:
        """Whether there is something to look at."""
        return self._woken

    @property
    def may_take(self) -> bool:
        """Whether it waits, and may be told without being woken."""
        return self._sink is not None and not self._woken

    def wake(self) -> None:
        """Have it look, now or once it waits."""
        self._woken = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self, told: int, sink: Sink | None = None) -> int:
        """Until it is woken, having been told everything up to `told`; up to where it was told by then, as `sink` may
        have taken more. That it ends is up to whoever wakes it: feeds are closed, and vigils end."""
        self.told = told
        if not self._woken:
            self._waiter, self._sink = asyncio.get_running_loop().create_future(), sink
            try:
                await self._waiter
            finally:
                self._waiter = self._sink = None
        self._woken = False
        told, self.told = self.told, -1
        return told

    def take(self, updates: Sequence[WorkloadUpdate]) -> bool:
        """Tell it what comes after `told` without waking it; whether all of that was taken.

        Whatever goes wrong goes wrong again once it is woken, where it ends that reader's stream alone.
        """
        sink = self._sink
        try:
            for update in updates:
                if sink is None or not sink(update):
                    return False
                self.told += 1
        except (Exception, asyncio.CancelledError):  # whatever a server's `send` raises where it is not awaited
            return False
        return True


class Feed:
    """Messages with their places. `closed` once there is nothing to follow any more."""

    def __init__(self, namespace: Namespace, only: UUID | None) -> None:
        self.namespace = namespace
        self.only = only
        self.epoch = uuid4().hex[:12]
        self.closed = False
        self.failure: Exception | None = None
        """Why it is closed, where nothing that it tells of is gone."""
        self._latest: dict[UUID, Latest] = {}
        self._kept: deque[WorkloadUpdate] = deque(maxlen=KEPT)
        self._sequence = 0
        self._versions: tuple[str, ...] = ()
        self._snapshot: list[WorkloadUpdate] | None = None
        self._synced: WorkloadUpdate | None = None
        self._readers: set[Reader] = set()
        self._all_woken = asyncio.Event()
        self._all_woken.set()
        self._is_told_meanwhile = False
        self._looked_at = self._awaited = -inf
        self._awaiting: set[asyncio.Event] = set()
        self.look: Callable[[], None] = lambda: None
        """Has whoever keeps it up to date look again."""

    @property
    def sequence(self) -> int:
        """That of the latest message; the first has 1."""
        return self._sequence

    def joined(self) -> Reader:
        """A reader who is woken at each message, and when the feed is closed, for the length of a `with` block."""
        return Reader(self._readers)

    async def renewed(self, since: float) -> None:
        """Wait until it was brought up to date by what was known at `since`, by `time.monotonic`, or later: who comes
        has been answered by then what it has written, or was told of it by another replica."""
        if self._looked_at >= since:
            return
        woken = asyncio.Event()
        self._awaited = max(self._awaited, since)
        self._awaiting.add(woken)
        self.look()
        try:
            while self._looked_at < since and not self.closed:
                await woken.wait()
                woken.clear()
        finally:
            self._awaiting.discard(woken)

    def renew(self, looked_at: float) -> None:
        """It is up to date by what was known at that time."""
        self._looked_at = looked_at
        for woken in self._awaiting:
            woken.set()

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it to be renewed."""
        return self._awaited > self._looked_at

    def tell(
        self,
        shown: dict[UUID, tuple[Workload, Shown]],
        versions: tuple[str, ...],
        changed_at: float | None = None,
    ) -> None:
        """Bring it up to date; who reads is woken where something differs. That time went by is no difference.

        `changed_at` is when, by `time.monotonic`, the news came from the cluster.
        """
        before = self._sequence
        self._versions = versions
        for gone in self._latest.keys() - shown.keys():
            del self._latest[gone]
            self._add(WorkloadUpdate(UpdateKind.DELETED, gone, at=self._next(), changed_at=changed_at))
        for workload_id, (workload, now) in shown.items():
            former = self._latest.get(workload_id)
            if former is None or former.shown != now:
                change = change_of(former.shown if former else None, now)
                update = UpdateKind.CHANGE, workload_id, workload, change
                self._add(WorkloadUpdate(*update, at=self._next(), changed_at=changed_at))
                self._latest[workload_id] = Latest(now, workload, self._sequence)
        if self._sequence != before:
            self.wake()

    def close(self) -> None:
        """There is nothing to follow any more: whatever was there is gone."""
        self.tell({}, self._versions)
        self.closed = True
        self.renew(inf)
        self.wake()

    def break_off(self, failure: Exception) -> None:
        """Nothing more can be told: readers get `failure`."""
        self.closed, self.failure = True, failure
        self.renew(inf)
        self.wake()

    def wake(self) -> None:
        """Have every reader look, some in each turn of the event loop: thousands at once would hold up everybody else.

        One is first, so that what it makes of a message is there for the sinks of all others. Who is told of a message
        before their turn comes is not woken for it again.
        """
        if not self._all_woken.is_set():
            self._is_told_meanwhile = True
        elif self._readers:
            self._all_woken.clear()
            self._wake_soon(iter(tuple(self._readers)), most=1)

    def _wake_soon(self, readers: Iterator[Reader], most: int = TOLD_AT_ONCE) -> None:
        """In a turn of its own: what sinks do is none of the task's that tells."""
        asyncio.get_running_loop().call_soon(self._wake_some, readers, most)

    def _wake_some(self, readers: Iterator[Reader], most: int) -> None:
        for reader in readers:
            if reader.told == self._sequence and not self.closed:
                continue
            before = reader.told
            if not self._is_told_at_once(reader):
                reader.wake()
            most -= max(reader.told - before, 1)
            if most <= 0:
                self._wake_soon(readers)
                return
        again, self._is_told_meanwhile = self._is_told_meanwhile, False
        self._all_woken.set()
        if again:
            self.wake()

    async def all_woken(self) -> None:
        """Wait until every reader was woken for what is told by now: what changes meanwhile is one message for all,
        and not one more for each of those who have yet to be told of the first."""
        await self._all_woken.wait()

    def snapshot(self) -> list[WorkloadUpdate]:
        """Every workload as it is; of a namespace SYNCED at the end, also where there is none."""
        if self._snapshot is None:
            place = None if self.only is None else self._place(self._sequence)
            self._snapshot = [
                WorkloadUpdate(UpdateKind.SNAPSHOT, workload_id, latest.workload, at=place)
                for workload_id, latest in self._latest.items()
            ]
        return [*self._snapshot, *([] if self.only is not None else [self.synced()])]

    def synced(self) -> WorkloadUpdate:
        """That everything up to now was told."""
        if self._synced is None:
            self._synced = WorkloadUpdate(UpdateKind.SYNCED, at=self._place(self._sequence))
        return self._synced

    def knows(self, cursor: Cursor) -> bool:
        """Whether the cursor is a place in this feed."""
        return cursor.epoch == self.epoch and 0 <= cursor.sequence <= self._sequence

    def resumed(self, cursor: Cursor) -> list[WorkloadUpdate]:
        """What was told after a place in this feed, and SYNCED; a reset where that is kept no longer."""
        missed = self._since(cursor.sequence)
        return self.reset(ResetReason.TOO_OLD) if missed is None else [*missed, self.synced()]

    def after(self, sequence: int) -> list[WorkloadUpdate]:
        """What a reader is to be told that was told everything up to `sequence`."""
        missed = self._since(sequence)
        if missed is None:
            return self.reset(ResetReason.TOO_OLD)
        if len(missed) <= MOST_BEHIND:
            return missed
        latest = _latest_of_each(missed)
        return [*latest, WorkloadUpdate(UpdateKind.LAGGED, dropped=len(missed) - len(latest), at=missed[-1].at)]

    def reset(self, reason: ResetReason) -> list[WorkloadUpdate]:
        """What replaces everything that a reader knows."""
        return [WorkloadUpdate(UpdateKind.RESET, reset=reason), *self.snapshot()]

    def _is_told_at_once(self, reader: Reader) -> bool:
        """Tell a reader that waits what it misses, where there is no more to say than that: to wake thousands takes
        longer than to send to them."""
        if self.closed or not reader.may_take:
            return False
        missed = self._since(reader.told)
        return missed is not None and len(missed) <= MOST_BEHIND and reader.take(missed)

    def _since(self, sequence: int) -> list[WorkloadUpdate] | None:
        """The messages after `sequence`; None where some of them are kept no longer."""
        count = self._sequence - sequence
        if count > len(self._kept):
            return None
        return [self._kept[index] for index in range(-count, 0)]

    def _add(self, update: WorkloadUpdate) -> None:
        self._sequence += 1
        self._kept.append(update)
        if len(self._kept) > MOST_BEHIND:
            self._kept[-MOST_BEHIND - 1].made.clear()  # for the few who come back to it, it is made again
        self._snapshot = self._synced = None

    def _next(self) -> Cursor:
        return self._place(self._sequence + 1)

    def _place(self, sequence: int) -> Cursor:
        return Cursor(self.epoch, sequence, self._versions)


def _latest_of_each(updates: Sequence[WorkloadUpdate]) -> list[WorkloadUpdate]:
    """Of each workload the last message, in their order."""
    last = {update.workload_id: index for index, update in enumerate(updates)}
    return [updates[index] for index in sorted(last.values())]


def change_of(before: Shown | None, now: Shown) -> WorkloadChange:
    """How two states of a workload differ."""
    workload, former = now.timeless, before.timeless if before else None
    return WorkloadChange(
        fields=tuple(_differing(before, now)),
        from_revision=former.rollout.revision if former else None,
        to_revision=workload.rollout.revision,
        from_phase=former.status.phase if former else None,
        to_phase=workload.status.phase,
        reason=workload.status.message,
    )


_FIELDS = ("name", "spec", "status", "rollout", "autoscaler", "address", "exposure", "updated_at")
_LISTS = ("diagnosis", "pods", "runs")


def _differing(before: Shown | None, now: Shown) -> Iterable[str]:
    if before is None:
        return
    for name in _FIELDS:
        if getattr(before.timeless, name) != getattr(now.timeless, name):
            yield name
    for name in _LISTS:
        if getattr(before, name) != getattr(now, name):
            yield name
    if before.is_left_alone != now.is_left_alone:
        yield "namespace"


def timeless(workload: Workload) -> Workload:
    """A workload without the time at which it was read."""
    return replace(workload, as_of=None)
