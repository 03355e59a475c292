"""What is told of a namespace, or of one workload in it: worked out once, kept for a while, read by all who follow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID, uuid4

from api.namespaces.models import Namespace
from api.workloads.cursors import Cursor
from api.workloads.diagnosis.models import Diagnosis
from api.workloads.models import Pod, Run, Workload
from api.workloads.updates import ResetReason, UpdateKind, WorkloadChange, WorkloadUpdate

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
        self._readers: set[asyncio.Event] = set()
        self._asked = self._renewed = 0
        self._awaiting: set[asyncio.Event] = set()
        self.look: Callable[[], None] = lambda: None
        """Has whoever keeps it up to date look again."""

    @property
    def sequence(self) -> int:
        """That of the latest message; the first has 1."""
        return self._sequence

    @contextmanager
    def joined(self, woken: asyncio.Event) -> Iterator[None]:
        """Set `woken` at each message, and when the feed is closed, for as long as the context lasts."""
        self._readers.add(woken)
        try:
            yield
        finally:
            self._readers.discard(woken)

    @property
    def asked(self) -> int:
        """How often it was asked for to be renewed."""
        return self._asked

    async def renewed(self) -> None:
        """Wait until it was brought up to date by what is known from now on: who comes from another replica may have
        been told of it there before it was told here."""
        self._asked += 1
        asked, woken = self._asked, asyncio.Event()
        self.look()
        self._awaiting.add(woken)
        try:
            while self._renewed < asked and not self.closed:
                await woken.wait()
                woken.clear()
        finally:
            self._awaiting.discard(woken)

    def renew(self, asked: int) -> None:
        """It is up to date for those who asked before the `asked`-th one, and for that one."""
        self._renewed = asked
        for woken in self._awaiting:
            woken.set()

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
        self.renew(self._asked)
        self.wake()

    def break_off(self, failure: Exception) -> None:
        """Nothing more can be told: readers get `failure`."""
        self.closed, self.failure = True, failure
        self.renew(self._asked)
        self.wake()

    def wake(self) -> None:
        """Have every reader look."""
        for woken in self._readers:
            woken.set()

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

    def _since(self, sequence: int) -> list[WorkloadUpdate] | None:
        """The messages after `sequence`; None where some of them are kept no longer."""
        count = self._sequence - sequence
        if count > len(self._kept):
            return None
        return [self._kept[index] for index in range(len(self._kept) - count, len(self._kept))]

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
