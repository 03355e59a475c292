"""What an app is: the specification that the form fills and the Manifest Builder reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class WorkloadKind(StrEnum):
    """What an app is, and so what runs it on Kubernetes."""

    WEB_SERVICE = "web_service"
    WORKER = "worker"
    STATEFUL_SERVICE = "stateful_service"
    SCHEDULED_JOB = "scheduled_job"
    JOB = "job"

    @property
    def runs_to_an_end(self) -> bool:
        """Whether its pods do a piece of work and end, instead of serving until they are stopped."""
        return self in (WorkloadKind.SCHEDULED_JOB, WorkloadKind.JOB)


class WorkloadSize(StrEnum):
    """A preset of CPU and memory for each replica."""

    S = "s"
    M = "m"
    L = "l"
    XL = "xl"


@dataclass(frozen=True, slots=True)
class Resources:
    """CPU and memory of each replica: what is set aside for it, and what it may use at most.

    Whole numbers, so that nothing is rounded on its way through JSON: thousandths of a core, and MiB.
    """

    cpu_request_millicores: int
    cpu_limit_millicores: int
    memory_request_mib: int
    memory_limit_mib: int


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image reference split by the grammar of the distribution project."""

    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.registry}/{self.repository}{tag}{digest}"


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """A variable that anyone who sees the app may read."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SecretVariable:
    """A variable kept in a Secret. `value` is None where it was read back: it never leaves the server.

    In an input, None means "keep the value that the app has".
    """

    name: str
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """How the kubelet asks a container how it is. Times are in seconds.

    By running `command` in it, which has to end with 0; else by GET of `path` on the app's port, which has to answer
    200 to 399; else by connecting to that port. `failures` in a row count as one.
    https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
    """

    path: str | None = None
    command: tuple[str, ...] = ()
    delay_seconds: int = 0
    period_seconds: int = 10
    timeout_seconds: int = 2
    failures: int = 3


class Concurrency(StrEnum):
    """What happens where a run is due while the one before is still under way."""

    FORBID = "Forbid"
    """The run is left out."""
    REPLACE = "Replace"
    """The one before is stopped."""
    ALLOW = "Allow"
    """Both run."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a scheduled job runs: `cron` as crontab(5) has it, in five fields or by name, at the clock of `time_zone`
    (IANA). Nothing starts while it is `suspended`."""

    cron: str
    time_zone: str = "Etc/UTC"
    concurrency: Concurrency = Concurrency.FORBID
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk that each replica has of its own, mounted at `path`: it outlives the pod, and the app too.

    `storage_class` None is the cluster's default one.
    """

    name: str
    path: str
    size_gib: int
    storage_class: str | None = None


class ExposureMode(StrEnum):
    """From where an app is reached, beside the apps of its own namespace."""

    NONE = "none"
    PRIVATE = "private"
    """By the members of a private network, through a VPN operator in the cluster."""
    PUBLIC = "public"
    """By anybody, through the cluster's way in."""


@dataclass(frozen=True, slots=True)
class Autoscaling:
    """How many pods an app has, by what they use: between `min_replicas` and `max_replicas`.

    `cpu_percent` and `memory_percent` are what they are kept near on average, in percent of what the size requests
    (its limit is 200). With both, the one that asks for more pods decides.
    https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details
    """

    min_replicas: int
    max_replicas: int
    cpu_percent: int = 70
    memory_percent: int | None = None


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file of text at `path` in the container, read-only, that anyone who sees the app may read."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file kept in a Secret. `content` is None where it was read back: it never leaves the server.

    In an input, None means "keep the content that the app has".
    """

    path: str
    content: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RegistryCredentials:
    """Who pulls the app's image. `server` None is the image's own registry.

    `password` is None where it was read back: it never leaves the server. In an input, None means "keep the one that
    the app has" for this user of this registry.
    """

    username: str
    password: str | None = field(default=None, repr=False)
    server: str | None = None


@dataclass(frozen=True, slots=True)
class WorkloadSpec:
    """One app, as its developer describes it. Everything but `name` and `image` has a default.

    Which fields an app of some kind has, `api.manifests.kinds` says; the others keep their defaults.
    Either `size` or `resources` says what each replica may use; the other is None.
    `command` and `arguments` stand in for the image's ENTRYPOINT and CMD; Kubernetes expands `$(NAME)` in them.
    `readiness` says when a pod gets requests (None: once its port answers, where it has one), `liveness` when it is
    started anew, `startup` how long the other two wait for it. `shutdown_seconds` is the time between SIGTERM and
    SIGKILL. `surge` says whether a pod more than asked for may run while pods are replaced; else there is one less.
    A run of a job that fails is tried `retries` times more, and stopped after `time_limit_seconds`, retries included.
    With `autoscaling`, `replicas` says nothing for as long as it is on.
    """

    name: str
    image: str
    kind: WorkloadKind = WorkloadKind.WEB_SERVICE
    port: int | None = None
    size: WorkloadSize | None = WorkloadSize.S
    resources: Resources | None = None
    replicas: int = 1
    environment: tuple[EnvironmentVariable, ...] = ()
    secrets: tuple[SecretVariable, ...] = ()
    files: tuple[ConfigFile, ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    registry_credentials: RegistryCredentials | None = None
    run_as_user: int | None = None
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    startup: Probe | None = None
    liveness: Probe | None = None
    readiness: Probe | None = None
    shutdown_seconds: int = 30
    surge: bool = True
    volumes: tuple[Volume, ...] = ()
    schedule: Schedule | None = None
    retries: int = 3
    time_limit_seconds: int | None = None
    exposure: ExposureMode = ExposureMode.NONE
    autoscaling: Autoscaling | None = None

    @property
    def least_replicas(self) -> int:
        """How many pods it has at least, once it has settled."""
        return self.autoscaling.min_replicas if self.autoscaling is not None else self.replicas

    @property
    def most_replicas(self) -> int:
        """How many pods it may come to."""
        return self.autoscaling.max_replicas if self.autoscaling is not None else self.replicas


@dataclass(frozen=True, slots=True)
class SizePreset:
    """What a size means for each replica; requests are half the limits."""

    size: WorkloadSize
    resources: Resources


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One rule of one input field, in a form that a client can check while one types.

    `pattern` is a regular expression that both Python (`fullmatch`) and JavaScript (`v` flag, anchored) read alike.
    `field` is the path in the workload input with `*` for list positions: `environment.*.name`. `at_most` names the
    field beside it that its number must not exceed; `not_below` is the path of another number, which this one may equal
    and exceed. `unique_among` are the fields, `field` one of them, whose values are all different.
    """

    field: str
    message: str
    example: str
    required: bool = False
    pattern: str | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    at_most: str | None = None
    max_items: int | None = None
    not_below: str | None = None
    unique_among: tuple[str, ...] = ()


class ChangeAction(StrEnum):
    """What a plan would do to an object or a field."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. `path` as in `spec.template.spec.containers[app].image`.

    Values are JSON text; None is an absent field.
    """

    path: str
    action: ChangeAction
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ObjectDiff:
    """What a plan would do to one object of the cluster; secret values are redacted."""

    kind: str
    name: str
    action: ChangeAction
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object that a plan would write; secret values are redacted, and bookkeeping is left out."""

    object: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> str:
        return str(self.object["kind"])

    @property
    def name(self) -> str:
        return str(self.object["metadata"]["name"])


@dataclass(frozen=True, slots=True)
class QuotaForecast:
    """One quota resource if the plan were deployed. Cores, bytes or a count, by `unit` of the resource.

    `after` is the settled use, `peak` the use while old and new pods overlap; `fits` speaks of the peak. `most` is
    what it may come to later, where autoscaling has asked for as many pods as it may; without autoscaling `after`.
    """

    resource: str
    used: float
    after: float
    peak: float
    most: float
    hard: float
    fits: bool
