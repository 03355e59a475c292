"""Lines of logs, and what a stream of them tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class LogSource:
    """One container's log. The pod's UID tells it from another of its name."""

    namespace: str
    pod: str
    uid: str
    container: str


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line's place in the log of a container: the latest moment up to it, in nanoseconds since 1970, and its number
    among the lines of which that is the latest. So positions grow with the log, also where moments do not."""

    at: int
    offset: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: `message` has its control characters escaped and its secrets taken out. `is_cut`: it was longer."""

    source: LogSource
    position: Position
    at: int
    """When it was written, in nanoseconds since 1970."""
    message: str
    is_cut: bool = False

    @property
    def moment(self) -> datetime:
        """When it was written, as far as Python's clock goes."""
        return moment_of(self.at)


def moment_of(nanoseconds: int) -> datetime:
    """That many nanoseconds after the beginning of 1970, in whole microseconds."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def nanoseconds_of(moment: datetime) -> int:
    """The other way."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


class Place(NamedTuple):
    """How far a log was read: `position` is that of the last line, None where there was none yet; `is_over` where
    nothing comes any more, and that was told."""

    position: Position | None
    is_over: bool = False


Places = Mapping[LogSource, Place]


@dataclass(frozen=True, slots=True)
class LogTarget:
    """Whose logs: those of an app in a namespace, of one `pod` by name, of containers of one name."""

    namespace: str
    workload_id: UUID
    pod: str | None = None
    container: str | None = None
    text: str | None = None
    """Lines without it, in whatever case, are left out."""

    def takes(self, line: LogLine) -> bool:
        """Whether the line has the text that was asked for."""
        return self.text is None or self.text.casefold() in line.message.casefold()


class LogUpdateKind(StrEnum):
    """What a message of a stream tells, in one word; each has a type of its own below."""

    LINES = "lines"
    POD_STARTED = "pod_started"
    POD_ENDED = "pod_ended"
    GAP = "gap"
    LAGGED = "lagged"
    HEARTBEAT = "heartbeat"
    ENDED = "ended"


class GapReason(StrEnum):
    """Why lines may be missing."""

    ROTATED = "rotated"
    """The log no longer has the place at which to go on."""
    POD_GONE = "pod_gone"
    TOO_MUCH = "too_much"
    """More was written within two seconds than is read at once."""


class PodEnd(StrEnum):
    """Why there will be no more of a pod's log."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DELETED = "deleted"


class StreamEnd(StrEnum):
    """Why a stream ends."""

    GONE = "gone"
    """What is followed was deleted, or is the viewer's no longer: the two look alike."""
    POD_ENDED = "pod_ended"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in the order of their moments, as far as they had come."""

    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class PodStarted:
    """A pod's log is followed from here on."""

    pod: str
    containers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PodEnded:
    """All of a pod's log was told."""

    pod: str
    reason: PodEnd


@dataclass(frozen=True, slots=True)
class Gap:
    """Between what was told of a container before and what follows, lines may be missing."""

    pod: str
    container: str
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Lagged:
    """The reader was slower than the log: so many lines of a container were left out."""

    pod: str
    container: str
    dropped: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing to tell, and the stream is well."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing follows."""

    reason: StreamEnd


Told = Lines | PodStarted | PodEnded | Gap | Lagged | Heartbeat | Ended


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One message of a stream, and the cursor that a reader who has it goes on from."""

    told: Told
    cursor: str
