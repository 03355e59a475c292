from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ConcurrencyPolicy, ExposureMode, WorkloadKind, WorkloadSize


class AutoscalingInput(BaseModel):
    """How many pods an app has, by what they use; in percent of what its size requests."""

    min_replicas: int = Field(alias="minReplicas")
    "How many pods at least; 1 or more."
    max_replicas: int = Field(alias="maxReplicas")
    "How many pods at most."
    cpu_percent: int = Field(alias="cpuPercent", default=70)
    "The CPU that pods are kept near on average, in percent of what they request."
    memory_percent: Optional[int] = Field(alias="memoryPercent", default=None)
    "The memory that they are kept near too, in percent of what they request; left out: it has no say."


class ConfigFileInput(BaseModel):
    """A file of text in the container, read-only, that anyone who sees the app may read."""

    path: str
    "Its path in the container; what else is in the directory stays there."
    content: str
    "What is in it."


class CreateNamespaceInput(BaseModel):
    """What a namespace shall be."""

    idempotency_key: Optional[str] = Field(alias="idempotencyKey", default=None)
    "A key of the client's own (1 to 128 visible ASCII characters), kept for 24 hours: sent again with the same input nothing is done again, and the answer is that of the first time, made anew. With another input: IdempotencyConflictError. A request that failed has done nothing, and frees its key."
    name: str
    "Its name, unique among the viewer's own; its slug is made from it."


class DeployWorkloadInput(BaseModel):
    """The plan to deploy."""

    idempotency_key: Optional[str] = Field(alias="idempotencyKey", default=None)
    "A key of the client's own (1 to 128 visible ASCII characters), kept for 24 hours: sent again with the same input nothing is done again, and the answer is that of the first time, made anew. With another input: IdempotencyConflictError. A request that failed has done nothing, and frees its key."
    plan_id: str = Field(alias="planId")
    "The plan's id."
    message: Optional[str] = None
    "A note for the revision."


class EnvironmentVariableInput(BaseModel):
    """A variable that anyone who sees the app may read."""

    name: str
    "The variable's name."
    value: str
    "The variable's value."


class PlanWorkloadInput(BaseModel):
    """The app to plan for."""

    namespace: str
    "The slug of the namespace to put it into."
    workload: "WorkloadInput"
    "The app as it shall be."
    base_revision: Optional[int] = Field(alias="baseRevision", default=None)
    "The number of the revision that `workload` was written from, 0 for a new app: refused with a PlanConflictError where another one is current. Left out: planned against whatever is current."


class ProbeInput(BaseModel):
    """How Kubernetes asks a container how it is: by a command, else by GET of a path on the app's port, else by connecting to that port."""

    path: Optional[str] = None
    "A path that answers 200 to 399 while all is well."
    command: list[str] = Field(default_factory=lambda: [])
    "A command to run in the container, which ends with 0 while all is well."
    delay_seconds: int = Field(alias="delaySeconds", default=0)
    "The wait before the first check, in seconds."
    period_seconds: int = Field(alias="periodSeconds", default=10)
    "The pause between two checks, in seconds."
    timeout_seconds: int = Field(alias="timeoutSeconds", default=2)
    "How long a check may take, in seconds."
    failures: int = 3
    "How many failed checks in a row count as a failure."


class RegistryCredentialsInput(BaseModel):
    """Who pulls an app's image."""

    server: Optional[str] = None
    "The registry's host; left out: the image's own."
    username: str
    "The user's name there."
    password: Optional[str] = None
    "The password or token; left out: keep the app's own, which is for this user of this registry."


class ResourcesInput(BaseModel):
    """CPU and memory of each replica; none is set aside beyond what it may use."""

    cpu_request_millicores: int = Field(alias="cpuRequestMillicores")
    "CPU set aside for it, in thousandths of a core."
    cpu_limit_millicores: int = Field(alias="cpuLimitMillicores")
    "CPU that it may use, in thousandths of a core."
    memory_request_mib: int = Field(alias="memoryRequestMib")
    "Memory set aside for it, in MiB."
    memory_limit_mib: int = Field(alias="memoryLimitMib")
    "Memory that it may use, in MiB."


class ScheduleInput(BaseModel):
    """When a scheduled job runs."""

    cron: str
    "Minute, hour, day of the month, month and day of the week as in crontab, or a name as `@daily`."
    time_zone: str = Field(alias="timeZone", default="Etc/UTC")
    "The time zone of its clock, a name of the IANA time zone database."
    concurrency: ConcurrencyPolicy = ConcurrencyPolicy.FORBID
    "What happens where a run is due while the one before is under way."
    suspended: bool = False
    "Whether no run starts by itself."


class SecretFileInput(BaseModel):
    """A file kept in a Secret."""

    path: str
    "Its path in the container; what else is in the directory stays there."
    content: Optional[str] = None
    "What is in it; left out: keep the app's own."


class SecretVariableInput(BaseModel):
    """A variable kept in a Secret."""

    name: str
    "The variable's name."
    value: Optional[str] = None
    "The value; left out: keep the app's own."


class VolumeInput(BaseModel):
    """A disk that each replica of a stateful service has of its own; it outlives the app."""

    name: str
    "Its name, unique in the app."
    path: str
    "Where it is mounted in the container."
    size_gib: int = Field(alias="sizeGib")
    "Its size, in GiB."
    storage_class: Optional[str] = Field(alias="storageClass", default=None)
    "The cluster's name for the sort of disk; left out: its default."


class WorkloadInput(BaseModel):
    """One app, as its developer describes it. A field that its kind does not have is refused."""

    name: str
    "Its name, unique in its namespace."
    image: str
    "Any full image reference."
    kind: WorkloadKind = WorkloadKind.WEB_SERVICE
    "What it is: a service, a worker or a job."
    port: Optional[int] = None
    "The port it listens on; left out: none."
    size: Optional[WorkloadSize] = None
    "CPU and memory for each replica; left out: S. Not looked at beside `resources`."
    resources: Optional["ResourcesInput"] = None
    "CPU and memory for each replica in numbers of its own, in place of a size."
    replicas: int = 1
    "How many pods; 0 stops it."
    environment: list["EnvironmentVariableInput"] = Field(default_factory=lambda: [])
    "Variables that anyone who sees the app may read."
    secrets: list["SecretVariableInput"] = Field(default_factory=lambda: [])
    "Variables kept in a Secret. One that is left out is removed."
    files: list["ConfigFileInput"] = Field(default_factory=lambda: [])
    "Files of text that anyone who sees the app may read."
    secret_files: list["SecretFileInput"] = Field(
        alias="secretFiles", default_factory=lambda: []
    )
    "Files kept in a Secret. One that is left out is removed."
    registry_credentials: Optional["RegistryCredentialsInput"] = Field(
        alias="registryCredentials", default=None
    )
    "Who pulls the image; left out: anybody may."
    run_as_user: Optional[int] = Field(alias="runAsUser", default=None)
    "The user id to run as; left out: the image's own, which must not be root."
    command: list[str] = Field(default_factory=lambda: [])
    "What to run in place of the image's ENTRYPOINT, a word an item; `$(NAME)` is the variable NAME."
    arguments: list[str] = Field(default_factory=lambda: [])
    "Arguments in place of the image's CMD, a word an item; `$(NAME)` is the variable NAME."
    startup: Optional["ProbeInput"] = None
    "The check that the other two wait for; left out: they do not wait."
    liveness: Optional["ProbeInput"] = None
    "The check that starts a container anew where it fails; left out: nothing does."
    readiness: Optional["ProbeInput"] = None
    "The check of a pod that is to get requests; left out: its port has to answer."
    shutdown_seconds: int = Field(alias="shutdownSeconds", default=30)
    "How long a pod has between SIGTERM and SIGKILL, in seconds."
    surge: bool = True
    "Whether a pod more than asked for may run while pods are replaced; without it, there is one less."
    volumes: list["VolumeInput"] = Field(default_factory=lambda: [])
    "The disks of each replica of a stateful service."
    schedule: Optional["ScheduleInput"] = None
    "When a scheduled job runs."
    retries: int = 3
    "How often a run of a job that fails is tried again."
    time_limit_seconds: Optional[int] = Field(alias="timeLimitSeconds", default=None)
    "After how many seconds a run of a job is stopped, retries included; left out: never."
    exposure: ExposureMode = ExposureMode.NONE
    "From where it is reached, of what `workloadForm` says is offered."
    autoscaling: Optional["AutoscalingInput"] = None
    "Lets the cluster choose the number of pods; `replicas` says nothing then."


PlanWorkloadInput.model_rebuild()
WorkloadInput.model_rebuild()
