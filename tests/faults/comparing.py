"""What readers were told, held against what one was told who was never cut off: what is lost, and what doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from api.workloads.cursors import Cursor
from tests.faults.readers import Life, Reader
from tests.faults.replicas import Process
from tests.faults.streams import Message, spot


@dataclass(slots=True)
class Stretch:
    """What was told from a snapshot on until the next one: a reader needs no other to know what there is."""

    begin: Cursor
    """The place of the snapshot."""
    snapshot: list[Message]
    events: list[Message] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    """What has no place in it, and where it was told."""

    @property
    def end(self) -> Cursor:
        """The place of what was told last."""
        return self.events[-1].place or self.begin if self.events else self.begin


def stretches(lives: Iterable[Life]) -> list[Stretch]:
    """A reader's lives, parted where it began anew. A snapshot that was cut off replaces nothing: it is passed over."""
    found: list[Stretch] = []
    for life in lives:
        snapshot: list[Message] | None = [] if life.after is None else None
        for message in life.messages:
            if message.kind == "RESET":
                snapshot = []
            elif snapshot is not None:
                snapshot.append(message)
                if message.place is not None:
                    found.append(Stretch(message.place, snapshot))
                    snapshot = None
            elif message.is_event:
                found[-1].events.append(message)
            elif (message.kind, message.place and spot(message.place)) != ("SYNCED", spot(found[-1].end)):
                found[-1].strays.append(f"{message.kind} of {message.place} behind {found[-1].end}")
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """How many messages were held against the reference's, and how many of them are wrong."""

    messages: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_turn: int = 0

    @property
    def wrong(self) -> tuple[int, int, int]:
        """Lost, doubled, out of turn."""
        return self.lost, self.doubled, self.out_of_turn

    def __add__(self, other: Compared) -> Compared:
        return Compared(
            self.messages + other.messages,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.out_of_turn + other.out_of_turn,
        )


def compared(reader: Reader, references: Iterable[Reader]) -> Compared:
    """All that a reader was told, each stretch against whoever followed that feed from before on."""
    by_epoch = {epoch_of(reference): reference for reference in references}
    total = Compared()
    parted = stretches(reader.lives)
    for number, stretch in enumerate(parted, start=1):
        reference = by_epoch[stretch.begin.epoch]
        total += _compared(stretch, _events(reference), is_last=number == len(parted))
    return total


def _compared(stretch: Stretch, reference: Sequence[Message], *, is_last: bool) -> Compared:
    """The last stretch reaches to where the reference is; one before to where the reader left, or to where the
    reference is whose replica was killed: of what came last it may have read less."""
    known = max(map(sequence_of, reference), default=stretch.begin.sequence)
    told = [each for each in stretch.events if sequence_of(each) <= known]
    until = known if is_last else stretch.end.sequence
    expected = [each for each in reference if stretch.begin.sequence < sequence_of(each) <= until]
    texts, wanted = [_text(each) for each in told], [_text(each) for each in expected]
    lost, more = Counter(wanted) - Counter(texts), Counter(texts) - Counter(wanted)
    return Compared(len(told), lost.total(), more.total(), int(texts != wanted and not lost and not more))


def epoch_of(reference: Reader) -> str:
    """That of the feed which it follows."""
    (stretch,) = stretches(reference.lives)
    return stretch.begin.epoch


def disorder(reader: Reader) -> Iterator[str]:
    """Where the numbers of events do not follow on one another within an epoch, or it is told wrongly that all was."""
    for stretch in stretches(reader.lives):
        yield from (f"{reader.name}: {stray}" for stray in stretch.strays)
        places = [spot(stretch.begin), *(spot(each.place) for each in stretch.events if each.place)]
        for (epoch, before), after in pairwise(places):
            if after != (epoch, before + 1):
                yield f"{reader.name}: {after} behind {(epoch, before)}"


def steps_back(reader: Reader) -> Iterator[str]:
    """Where an app is told to be less far than before: of an earlier revision, or less complete in the same one. What
    is deleted in the end may be taken down from whatever it was."""
    known: dict[str, tuple[int, bool]] = {}
    for message in (each for stretch in stretches(reader.lives) for each in (*stretch.snapshot, *stretch.events)):
        if (workload := message.workload) is None:
            continue
        id, rollout = workload["id"], workload["rollout"]
        far = rollout["revision"] or 0, rollout["complete"] and id in reader.apps
        before = known.get(id, far)
        if far < before:
            yield f"{reader.name}: {workload['name']} from {before} to {far} by {message.kind}"
        known[id] = far


OTHERS = "UNKNOWN_STREAM: the cursor is of another replica"
DEADS = "UNKNOWN_STREAM: the cursor is of a process that was killed"


def resets(reader: Reader, origins: Mapping[str, Process]) -> Counter[str]:
    """Why a reader began anew; `origins` says whose the epochs are. Where it had to, and did not, is an error."""
    found: Counter[str] = Counter()
    for life in reader.lives:
        told = [each.payload["resetReason"] for each in life.messages if each.kind == "RESET"]
        if life.messages:
            assert told == _due(life, origins), f"{reader.name}: {told} after {life.after}"
        found.update(_explained(life, origins) for _ in told)
    return found


def _due(life: Life, origins: Mapping[str, Process]) -> list[str]:
    """One reset, at the beginning, where the cursor is of another process than the one that is asked."""
    if life.after is None or origins[Cursor.decode(life.after).epoch] == life.replica:
        return []
    assert life.messages[0].kind == "RESET"
    return ["UNKNOWN_STREAM"]


def _explained(life: Life, origins: Mapping[str, Process]) -> str:
    assert life.after is not None
    return DEADS if origins[Cursor.decode(life.after).epoch] in life.dead else OTHERS


def _events(reader: Reader) -> list[Message]:
    return [message for message in reader.messages if message.is_event]


def sequence_of(message: Message) -> int:
    """The number of a message that has one, within its epoch."""
    assert message.place is not None
    return message.place.sequence


def _text(message: Message) -> str:
    return json.dumps(message.payload, sort_keys=True)


def states(apps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Apps in an order that does not depend on how they became known."""
    return sorted(apps, key=lambda app: str(app["id"]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to say of readers that were cut off."""

    kills: int
    reconnects: int
    compared: Compared
    resets: Counter[str]
    waits: list[float]
    """Seconds until the first message of each connection that had one."""
    wrong: list[str]
    """What may not be, in words."""

    @classmethod
    def of(cls, flaky: Sequence[Reader], references: Sequence[Reader]) -> Seen:
        origins = {epoch_of(each): each.lives[0].replica for each in references}
        everybody = [*references, *flaky]
        return cls(
            kills=sum(each.kills for each in flaky),
            reconnects=sum(len(each.lives) - 1 for each in flaky),
            compared=sum((compared(each, references) for each in flaky), Compared()),
            resets=sum((resets(each, origins) for each in flaky), Counter()),
            waits=sorted(life.waited for each in flaky for life in each.lives if life.messages),
            wrong=[
                *(place for each in everybody for place in disorder(each)),
                *(step for each in everybody for step in steps_back(each)),
            ],
        )

    def __str__(self) -> str:
        told = ", ".join(f"{count} {reason}" for reason, count in sorted(self.resets.items())) or "none"
        return (
            f"{self.kills} kills, {self.reconnects} reconnects, {self.compared.messages} messages compared, "
            f"{self.compared.lost} lost, {self.compared.doubled} doubled; "
            f"first message after {median(self.waits):.3f} s, {self.waits[-1]:.2f} s at most; resets: {told}"
        )
