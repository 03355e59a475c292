"""What streams tell of workloads: one message at a time, the same object for everybody who follows the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

from api.workloads.cursors import Cursor
from api.workloads.models import Workload, WorkloadPhase


class UpdateKind(StrEnum):
    """What a message tells."""

    SNAPSHOT = "snapshot"
    """A workload as it is when the stream begins."""
    CHANGE = "change"
    """A workload after a change."""
    DELETED = "deleted"
    """A workload is gone."""
    SYNCED = "synced"
    """Everything that there is, or that was missed, has been told; changes follow."""
    RESET = "reset"
    """The stream cannot go on from the cursor: a snapshot of everything follows, which replaces what is known."""
    LAGGED = "lagged"
    """The reader was too slow: of each workload only its latest state was told."""


class ResetReason(StrEnum):
    """Why a stream cannot go on from a cursor."""

    UNKNOWN_STREAM = "unknown_stream"
    """The cursor is of another replica, of a process that ended, or of a stream that nobody followed for a while."""
    TOO_OLD = "too_old"
    """More has happened since than is kept."""


@dataclass(frozen=True, slots=True)
class WorkloadChange:
    """How a workload differs from what was told of it before; of one that was not known, `from_…` is None."""

    fields: tuple[str, ...]
    """The fields of a Workload that differ, and its lists: `pods`, `runs`, `diagnosis`."""
    from_revision: int | None
    to_revision: int | None
    from_phase: WorkloadPhase | None
    to_phase: WorkloadPhase
    reason: str
    """A sentence for its developer."""


@dataclass(frozen=True, eq=False)
class WorkloadUpdate:
    """One message. It is compared by identity: everybody who follows the same is given the same one."""

    kind: UpdateKind
    workload_id: UUID | None = None
    """What it is about; None where it is about the stream."""
    workload: Workload | None = None
    """None once it is deleted."""
    change: WorkloadChange | None = None
    reset: ResetReason | None = None
    dropped: int = 0
    """Of LAGGED: how many messages were left out."""
    at: Cursor | None = None
    """From where a stream goes on after it; None within a snapshot, which is whole only with SYNCED."""
    changed_at: float | None = None
    """When, by `time.monotonic`, the oldest change arrived that it tells of; None where none came from the cluster."""
    made: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What readers make of it once for all of them, by whatever they find it again by."""

    @cached_property
    def cursor(self) -> str | None:
        """`at`, for clients to send back."""
        return None if self.at is None else self.at.encode()


Sink: TypeAlias = Callable[[WorkloadUpdate], bool]
"""Takes a message on its way to a reader at once; False, with nothing done, where that takes a turn of the reader's own
task. It is called only while that task waits for the next message."""


def takes_none(update: WorkloadUpdate) -> bool:  # noqa: ARG001  the shape of a Sink
    """For readers that take every message by themselves."""
    return False
