"""Workloads as the graph serves them: what is wanted (PostgreSQL) beside what is (the Store)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from api.errors import SuggestedFix
from api.manifests.models import (
    ChangeAction,
    ExposureMode,
    FieldChange,
    Manifest,
    ObjectDiff,
    QuotaForecast,
    WorkloadKind,
    WorkloadSpec,
)
from api.namespaces.models import Event as Event  # noqa: PLC0414  an event of an app is an event of its namespace
from api.namespaces.models import EventType as EventType  # noqa: PLC0414


class WorkloadPhase(StrEnum):
    """What the cluster says of an app, in one word."""

    PENDING = "pending"
    """A revision is recorded and not applied yet."""
    PROGRESSING = "progressing"
    """A rollout is under way."""
    READY = "ready"
    """Every replica of the current revision is ready, or its schedule is in force: what is called deployed."""
    DEGRADED = "degraded"
    """It serves, with fewer ready replicas than asked for, and no rollout is under way; or a run of it failed."""
    FAILED = "failed"
    """The rollout does not move: its deadline passed, or a pod cannot start."""
    COMPLETED = "completed"
    """A job that ran to its end."""
    STOPPED = "stopped"
    """Scaled to zero, or its schedule suspended."""
    DELETING = "deleting"
    MISSING = "missing"
    """Recorded, and absent from the cluster."""
    UNKNOWN = "unknown"
    """The cluster does not answer."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the Deployment, as Kubernetes writes it."""

    type: str
    status: str
    reason: str
    message: str
    last_transition: datetime | None


@dataclass(frozen=True, slots=True)
class WorkloadStatus:
    """The state of an app; `message` is a sentence for its developer."""

    phase: WorkloadPhase
    message: str
    desired_replicas: int
    ready_replicas: int
    updated_replicas: int
    available_replicas: int
    conditions: tuple[Condition, ...]


class PodState(StrEnum):
    """The state of a pod, in one word."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    """Runs, and is not ready."""
    READY = "ready"
    FAILED = "failed"
    """Cannot start, or keeps crashing."""
    SUCCEEDED = "succeeded"
    TERMINATING = "terminating"


class ContainerState(StrEnum):
    """The state of a container."""

    WAITING = "waiting"
    RUNNING = "running"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod; `reason`, `message` and `exit_code` are of its latest trouble, if any."""

    name: str
    image: str
    ready: bool
    restarts: int
    state: ContainerState
    reason: str | None
    message: str | None
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod of an app; `revision` is the app's revision that it runs, None where that is unknown."""

    uid: str
    name: str
    namespace: str
    workload_id: UUID
    revision: int | None
    is_current: bool
    state: PodState
    ready: bool
    restarts: int
    reason: str | None
    message: str | None
    node: str | None
    ip: str | None
    created_at: datetime
    containers: tuple[Container, ...]


class RunState(StrEnum):
    """How far a run of a job is."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RunTrigger(StrEnum):
    """What began a run of a job."""

    DEPLOY = "deploy"
    SCHEDULE = "schedule"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: a Job of Kubernetes. `failed_attempts` is how many pods of it have failed so far."""

    uid: str
    name: str
    namespace: str
    workload_id: UUID
    revision: int | None
    is_current: bool
    """Whether it runs what another one begun now would: so do its pods."""
    trigger: RunTrigger
    state: RunState
    message: str
    failed_attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class VolumeClaimPhase(StrEnum):
    """How far a disk is: the phases of Kubernetes, and that it is being deleted."""

    PENDING = "Pending"
    BOUND = "Bound"
    LOST = "Lost"
    TERMINATING = "Terminating"


@dataclass(frozen=True, slots=True)
class VolumeClaim:
    """The disk of one replica; `bound` tells whether the cluster has found one for it, one that is being deleted too;
    `capacity` in bytes, None as long as there is none. `namespace` is a slug."""

    uid: str
    name: str
    namespace: str
    phase: VolumeClaimPhase
    bound: bool
    capacity: int | None
    storage_class: str | None
    created_at: datetime


class StepState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RolloutStep:
    """One step of a deploy; the server owns the list, clients only show it."""

    name: str
    """`recorded`, `applied`, `scheduled`, `started` or `ready`; of a job `finished`."""
    title: str
    state: StepState
    message: str | None


@dataclass(frozen=True, slots=True)
class RolloutCell:
    """One cell of the rollout strip: a pod, old revisions first, then the current one; absent pods of the
    current revision are cells without a pod."""

    pod_name: str | None
    revision: int | None
    is_current: bool
    state: PodState
    reason: str | None


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far the current revision is."""

    revision: int | None
    complete: bool
    steps: tuple[RolloutStep, ...]
    cells: tuple[RolloutCell, ...]


class AutoscalerState(StrEnum):
    """What keeps the number of an app's pods where it is."""

    WAITING = "waiting"
    """It has not looked at the app yet."""
    ACTIVE = "active"
    """It follows what the pods use."""
    LIMITED = "limited"
    """It would ask for more pods than it may."""
    UNABLE = "unable"
    """It cannot tell how many pods are needed, and leaves their number as it is."""


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """What the cluster's autoscaler of an app says; `message` is a sentence for its developer.

    Percentages are averages over the pods, of what the size requests; None where they could not be read.
    """

    state: AutoscalerState
    message: str
    current_replicas: int
    desired_replicas: int
    cpu_percent: int | None
    memory_percent: int | None
    last_scaled_at: datetime | None
    conditions: tuple[Condition, ...]


class RevisionState(StrEnum):
    PENDING = "pending"
    """Recorded; its objects are being applied."""
    APPLIED = "applied"
    FAILED = "failed"
    """The cluster refused it; the one before is still what runs."""


class RevisionCause(StrEnum):
    DEPLOY = "deploy"
    SCALE = "scale"
    RESTART = "restart"
    ROLLBACK = "rollback"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable, numbered description of an app."""

    id: UUID
    workload_id: UUID
    number: int
    cause: RevisionCause
    state: RevisionState
    spec: WorkloadSpec
    author_id: UUID | None
    message: str | None
    created_at: datetime
    is_current: bool
    changes: tuple[FieldChange, ...]
    """Against the revision before it, in terms of the form's fields; secret values are never in it."""
    source_revision: int | None = None
    """The number of the revision that it took up again; None where it is no rollback."""


class ExposureState(StrEnum):
    """How far the path from outside to an app is."""

    NONE = "none"
    """There is none, as asked for."""
    PENDING = "pending"
    READY = "ready"
    """The path is there; whether the app answers at its end is another question."""
    FAILED = "failed"
    REMOVING = "removing"
    """It is asked for no longer, and an operator still cleans up."""
    UNKNOWN = "unknown"
    """What would tell cannot be read just now: neither up nor down is claimed."""


class ExposureReason(StrEnum):
    """Why a path is in its state."""

    APPLYING = "applying"
    """The revision that asks for it is being applied."""
    MISSING = "missing"
    """What exposes the app is absent from the cluster."""
    NOT_OFFERED = "not_offered"
    """The installation does not offer it, or no longer."""
    AWAITING_ADDRESS = "awaiting_address"
    """The operator has yet to say where the app is reached."""
    NOT_TAKEN_UP = "not_taken_up"
    """No operator has said anything for two minutes: there may be none."""
    OPERATOR_REPORTS = "operator_reports"
    """The operator says that it cannot, or not yet."""
    CERTIFICATE_PENDING = "certificate_pending"
    """There is no certificate for the address yet."""
    ROUTE_REFUSED = "route_refused"
    """The Gateway takes no such route."""
    PORT_SILENT = "port_silent"
    """The path is there, and no pod of the app answers at its end."""
    BEING_REMOVED = "being_removed"
    UNREACHABLE = "unreachable"
    """The cluster cannot be asked just now."""
    UNREADABLE = "unreadable"
    """Moorage may not read what would tell, or the cluster does not serve it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """From where an app is reached. `message` and `reachable_by` are sentences.

    `address` is `host` or `host:port`, known before it can be used where it does not depend on an operator; `url` is
    None for what browsers cannot open. `port_answers` says what readiness checks see inside the cluster: True where a
    pod's port answered the latest, False where no pod is ready, None where that is checked otherwise, there is no port
    or the cluster cannot be asked. Nobody tries from outside. Where the state is UNKNOWN the address is the last told.
    """

    mode: ExposureMode
    state: ExposureState
    reason: ExposureReason | None
    message: str
    address: str | None
    url: str | None
    reachable_by: str
    port_answers: bool | None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """One app: the current revision's spec beside what the cluster says of it.

    `as_of` is when the Store last heard from the cluster. `address` is `name.slug.svc:port` inside the cluster.
    `autoscaler` is None for an app without autoscaling.
    """

    id: UUID
    namespace_id: UUID
    owner_id: UUID
    namespace: str
    name: str
    created_at: datetime
    updated_at: datetime
    spec: WorkloadSpec
    status: WorkloadStatus
    rollout: Rollout
    address: str | None
    as_of: datetime | None
    exposure: Exposure
    autoscaler: Autoscaler | None = None


@dataclass(frozen=True, slots=True)
class DeletedWorkload:
    """An app that is deleted, and can be brought back until `restorable_until`."""

    id: UUID
    namespace_id: UUID
    name: str
    kind: WorkloadKind
    deleted_at: datetime
    restorable_until: datetime


class FindingSeverity(StrEnum):
    WARNING = "warning"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """What the cluster's policy says of a plan; a refusal keeps it from being deployed."""

    severity: FindingSeverity
    message: str
    path: tuple[str | int, ...]
    fix: SuggestedFix | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deploy would do, worked out by the API server itself (dry run), and bound to what runs now.

    `changes` are against the revision `base_revision`, which is current, in terms of the form's fields; a secret is
    told where its value changes, and its value nowhere. `source_revision` is the number of the revision that a
    rollback takes up again.
    """

    id: UUID
    namespace: str
    action: ChangeAction
    spec: WorkloadSpec
    manifests: tuple[Manifest, ...]
    diff: tuple[ObjectDiff, ...]
    quota: tuple[QuotaForecast, ...]
    findings: tuple[PolicyFinding, ...]
    expires_at: datetime
    changes: tuple[FieldChange, ...] = ()
    base_revision: int | None = None
    source_revision: int | None = None
