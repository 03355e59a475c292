"""What can keep an app from running: one type for each cause, with what it was concluded from.

The union `Diagnosis` is closed, and told by type rather than by text, so that a client can act on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.errors import SuggestedFix


class EvidenceSource(StrEnum):
    """Where a piece of evidence was read."""

    CONDITION = "condition"
    CONTAINER = "container"
    EVENT = "event"


class ImagePullCause(StrEnum):
    """Why an image cannot be pulled, as far as the container runtime's message tells."""

    NOT_FOUND = "not_found"
    UNAUTHORIZED = "unauthorized"
    INVALID_NAME = "invalid_name"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class ProbeName(StrEnum):
    """The check that fails."""

    STARTUP = "startup"
    LIVENESS = "liveness"
    READINESS = "readiness"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What Kubernetes says, in its own words: of the object `kind` `name`; `at` is None where it does not say when."""

    source: EvidenceSource
    kind: str
    name: str
    reason: str
    message: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What every diagnosis has. `message` says what is wrong and the way out; `pods` are the names of those concerned.

    `fix` is a change of the app's description, its path as `planWorkload` takes it; None where a person has to choose.
    `rollback_revision` is the earlier revision that serves meanwhile, to be taken up again; None where none does.
    """

    message: str
    evidence: tuple[Evidence, ...]
    pods: tuple[str, ...] = ()
    fix: SuggestedFix | None = None
    rollback_revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePullFailure(Found):
    image: str
    cause: ImagePullCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Unschedulable(Found):
    """No node takes the pods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExhausted(Found):
    """The namespace has no room for the pods. Amounts are Kubernetes quantities; empty where it did not say."""

    resource: str
    requested: str
    used: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRefusal(Found):
    """Pod Security or another admission policy refuses the pods, or their container's user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashLoop(Found):
    """The app ends and is started again. `last_lines` is the end of the log of the run that ended, in the order
    written; None where it cannot be read, or was not asked for yet."""

    exit_code: int | None
    restarts: int
    last_lines: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfMemory(Found):
    """The kernel ended the app at its memory limit, in bytes. `last_lines` as of a CrashLoop."""

    memory_limit: int
    restarts: int
    last_lines: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeFailure(Found):
    probe: ProbeName


@dataclass(frozen=True, slots=True, kw_only=True)
class PortMismatch(Found):
    """The app runs, and nothing listens on the port that it is said to listen on."""

    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingReference(Found):
    """A Secret, ConfigMap or volume that the pods refer to is absent; `reference` as Kubernetes names it."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFailure(Found):
    """The container cannot be created, or its command not be run; `reason` is the kubelet's word."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutOverdue(Found):
    """The rollout passed its deadline, and nothing else says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimitExceeded(Found):
    """A run of a job was stopped at its time limit of so many seconds."""

    seconds: int


Diagnosis = (
    ImagePullFailure
    | Unschedulable
    | QuotaExhausted
    | PolicyRefusal
    | CrashLoop
    | OutOfMemory
    | ProbeFailure
    | PortMismatch
    | MissingReference
    | StartFailure
    | RolloutOverdue
    | TimeLimitExceeded
)
