"""Every enum of the graph, described. The enums are those of `api`: models are served without translating values.

Import enums from here: strawberry must know a description before a type uses the enum.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from api.authorization.models import Role, Scope
from api.clusters.models import ClusterKind
from api.logs.models import GapReason, LogUpdateKind, PodEnd, StreamEnd
from api.manifests.export import ExportFormat
from api.manifests.models import ChangeAction, Concurrency, ExposureMode, WorkloadKind, WorkloadSize
from api.manifests.pasting.models import PasteSource
from api.metrics.models import MetricsSource, MetricUnit
from api.namespaces.models import EventType, NamespaceOrderField, NamespacePhase
from api.users.models import UserOrderField
from api.webhooks.models import DeliveryState, WebhookEvent
from api.workloads.diagnosis.models import EvidenceSource, ImagePullCause, ProbeName
from api.workloads.filters import WorkloadOrderField
from api.workloads.metric_streams import MetricsUpdateKind
from api.workloads.models import (
    AutoscalerState,
    ContainerState,
    ExposureReason,
    ExposureState,
    FindingSeverity,
    PodState,
    RevisionCause,
    RevisionState,
    RunState,
    RunTrigger,
    StepState,
    VolumeClaimPhase,
    WorkloadPhase,
)
from api.workloads.timeline import TimelineKind
from api.workloads.timeline_streams import TimelineUpdateKind
from api.workloads.updates import ResetReason, UpdateKind
from graphql_schema.allowances import Period

__all__ = [
    "AutoscalerState",
    "ChangeAction",
    "ClusterKind",
    "Concurrency",
    "ContainerState",
    "DeliveryState",
    "EventType",
    "EvidenceSource",
    "ExportFormat",
    "ExposureMode",
    "ExposureReason",
    "ExposureState",
    "FindingSeverity",
    "ImagePullCause",
    "LogEndReason",
    "LogGapReason",
    "LogUpdateKind",
    "MetricUnit",
    "MetricsSource",
    "MetricsUpdateKind",
    "NamespaceOrderField",
    "NamespacePhase",
    "PasteSource",
    "Period",
    "PodEndReason",
    "PodState",
    "ProbeName",
    "ResetReason",
    "RevisionCause",
    "RevisionState",
    "Role",
    "RunState",
    "RunTrigger",
    "Scope",
    "StepState",
    "TimelineKind",
    "TimelineUpdateKind",
    "UpdateKind",
    "UserOrderField",
    "VolumeClaimPhase",
    "WebhookEvent",
    "WorkloadKind",
    "WorkloadOrderField",
    "WorkloadPhase",
    "WorkloadSize",
]

LogGapReason = GapReason
PodEndReason = PodEnd
LogEndReason = StreamEnd

E = TypeVar("E", bound=Enum)


def _describe(enum: type[E], description: str, values: Mapping[E, str], *, name: str | None = None) -> None:
    """Make `enum` an enum of the graph. A value that `values` does not describe raises KeyError at import."""
    strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = enum.__dict__["__strawberry_definition__"]
    for value in definition.values:
        value.description = values[enum(value.value)]


_describe(
    Role,
    "What a user is for the whole installation.",
    {
        Role.ADMINISTRATOR: "May act for the installation: sees users, and every namespace.",
        Role.MEMBER: "A developer: sees what is their own.",
    },
    name="UserRole",
)
_describe(
    Scope,
    "What an API token may be used for; never more than its owner may do.",
    {
        Scope.READ: "Queries and subscriptions.",
        Scope.WRITE: "Mutations of the owner's namespaces and workloads.",
        Scope.ADMIN: "What only administrators may do.",
    },
    name="TokenScope",
)
_describe(
    ClusterKind,
    "What sort of cluster it is.",
    {
        ClusterKind.EMBEDDED: "A demo inside Moorage itself: it plays the controllers and runs no containers.",
        ClusterKind.KUBERNETES: "A Kubernetes API server.",
    },
)
_describe(
    NamespacePhase,
    "Where a namespace is in its life.",
    {
        NamespacePhase.PENDING: "Its objects are being made in the cluster.",
        NamespacePhase.ACTIVE: "Ready for workloads.",
        NamespacePhase.TERMINATING: "Being deleted with everything in it.",
        NamespacePhase.MISSING: "On record, and absent from the cluster.",
    },
)
_describe(
    ExposureMode,
    "From where an app is reached, beside the apps of its own namespace.",
    {
        ExposureMode.NONE: "From nowhere else.",
        ExposureMode.PRIVATE: "By members of a private network, through a VPN operator in the cluster.",
        ExposureMode.PUBLIC: "By anybody, through the cluster's way in.",
    },
)
_describe(
    ExposureState,
    "How far the path from outside to an app is.",
    {
        ExposureState.NONE: "There is none, as asked for.",
        ExposureState.PENDING: "On its way.",
        ExposureState.READY: "The path is there; `portAnswers` says whether the app is at its end.",
        ExposureState.FAILED: "It does not come up; the message says why.",
        ExposureState.REMOVING: "It is asked for no longer, and an operator still cleans up.",
        ExposureState.UNKNOWN: "What would tell cannot be read just now; the message says why, and the way out.",
    },
)
_describe(
    ExposureReason,
    "Why a path is in its state.",
    {
        ExposureReason.APPLYING: "The revision that asks for it is being applied.",
        ExposureReason.MISSING: "What exposes the app is absent from the cluster.",
        ExposureReason.NOT_OFFERED: "This installation does not offer it, or no longer.",
        ExposureReason.AWAITING_ADDRESS: "The operator has yet to say where the app is reached.",
        ExposureReason.NOT_TAKEN_UP: "No operator has said anything for two minutes: there may be none.",
        ExposureReason.OPERATOR_REPORTS: "The operator says that it cannot, or not yet.",
        ExposureReason.CERTIFICATE_PENDING: "There is no certificate for the address yet.",
        ExposureReason.ROUTE_REFUSED: "The Gateway takes no such route.",
        ExposureReason.PORT_SILENT: "The path is there, and no pod of the app answers at its end.",
        ExposureReason.BEING_REMOVED: "Its operator still cleans up.",
        ExposureReason.UNREACHABLE: "The cluster cannot be asked just now.",
        ExposureReason.UNREADABLE: "Moorage may not read what would tell, or the cluster does not serve it.",
    },
)
_describe(
    MetricUnit,
    "What a number counts.",
    {
        MetricUnit.CORES: "CPU cores.",
        MetricUnit.BYTES: "Bytes.",
        MetricUnit.BYTES_PER_SECOND: "Bytes each second.",
        MetricUnit.COUNT: "A count.",
    },
)
_describe(
    MetricsSource,
    "Where metrics are read from.",
    {
        MetricsSource.PROMETHEUS: "A Prometheus server.",
        MetricsSource.METRICS_API: "metrics.k8s.io: CPU and memory only, from the moment Moorage started.",
    },
)
_describe(
    WorkloadKind,
    "What an app is; `workloadForm` says which fields each has.",
    {
        WorkloadKind.WEB_SERVICE: "A Deployment, with a Service in front of it where it listens on a port.",
        WorkloadKind.WORKER: "A Deployment that nobody asks for anything.",
        WorkloadKind.STATEFUL_SERVICE: "A StatefulSet: each replica has a name and volumes of its own.",
        WorkloadKind.SCHEDULED_JOB: "A CronJob: it runs at set times, each run to its end.",
        WorkloadKind.JOB: "A Job: it runs to its end, once for each deploy.",
    },
)
_describe(
    Concurrency,
    "What happens where a run is due while the one before is still under way.",
    {
        Concurrency.FORBID: "The run is left out.",
        Concurrency.REPLACE: "The one before is stopped.",
        Concurrency.ALLOW: "Both run.",
    },
    name="ConcurrencyPolicy",
)
_describe(
    RunState,
    "How far a run of a job is.",
    {
        RunState.RUNNING: "It is under way, or waits for its pod.",
        RunState.SUCCEEDED: "It ran to its end.",
        RunState.FAILED: "Every attempt failed, or it was stopped at its time limit.",
    },
)
_describe(
    RunTrigger,
    "What began a run of a job.",
    {
        RunTrigger.DEPLOY: "The job was deployed.",
        RunTrigger.SCHEDULE: "It was due.",
        RunTrigger.MANUAL: "Somebody had it run.",
    },
)
_describe(
    WorkloadSize,
    "A preset of CPU and memory for each replica; `workloadForm` says what each means.",
    {
        WorkloadSize.S: "Small.",
        WorkloadSize.M: "Medium.",
        WorkloadSize.L: "Large.",
        WorkloadSize.XL: "Extra large.",
    },
)
_describe(
    WorkloadPhase,
    "What the cluster says of an app, in one word.",
    {
        WorkloadPhase.PENDING: "A revision is recorded and not applied yet.",
        WorkloadPhase.PROGRESSING: "A rollout is under way.",
        WorkloadPhase.READY: "Every replica of the current revision is ready, or its schedule is in force: only this "
        "is called deployed.",
        WorkloadPhase.DEGRADED: "It serves, with fewer ready replicas than asked for, and no rollout is under way; or "
        "the latest run of its schedule failed.",
        WorkloadPhase.FAILED: "The rollout does not move: its deadline passed, or a pod cannot start; or a job failed.",
        WorkloadPhase.COMPLETED: "A job that ran to its end.",
        WorkloadPhase.STOPPED: "Scaled to zero, or its schedule suspended.",
        WorkloadPhase.DELETING: "Being deleted.",
        WorkloadPhase.MISSING: "On record, and absent from the cluster.",
        WorkloadPhase.UNKNOWN: "The cluster does not answer.",
    },
)
_describe(
    AutoscalerState,
    "What keeps the number of an app's pods where it is.",
    {
        AutoscalerState.WAITING: "Its autoscaler has not looked at the app yet.",
        AutoscalerState.ACTIVE: "It follows what the pods use.",
        AutoscalerState.LIMITED: "It would ask for more pods than it may.",
        AutoscalerState.UNABLE: "It cannot tell how many pods are needed, and leaves their number as it is.",
    },
)
_describe(
    StepState,
    "Where a step of a rollout is.",
    {
        StepState.PENDING: "Not begun.",
        StepState.RUNNING: "Under way.",
        StepState.DONE: "Finished.",
        StepState.FAILED: "Ended without success.",
    },
)
_describe(
    PodState,
    "The state of a pod, in one word.",
    {
        PodState.PENDING: "Not placed on a node yet, or not there yet.",
        PodState.STARTING: "Placed; its containers are being started.",
        PodState.RUNNING: "Runs, and is not ready.",
        PodState.READY: "Runs and serves.",
        PodState.FAILED: "Cannot start, or keeps crashing.",
        PodState.SUCCEEDED: "Ran to its end.",
        PodState.TERMINATING: "Being stopped.",
    },
)
_describe(
    UpdateKind,
    "What a message of a stream tells.",
    {
        UpdateKind.SNAPSHOT: "The state of an app at the beginning.",
        UpdateKind.CHANGE: "The state of an app after a change.",
        UpdateKind.DELETED: "The app is deleted.",
        UpdateKind.SYNCED: "Everything that there is, or that was missed, has been told; changes follow.",
        UpdateKind.RESET: "The stream cannot go on from the cursor: a snapshot follows. Once it is whole, with the "
        "first message that has a cursor, it replaces all that is known, and not before.",
        UpdateKind.LAGGED: "The reader is too slow: of each app only its latest state was told just now.",
    },
)
_describe(
    ResetReason,
    "Why a stream cannot go on from a cursor.",
    {
        ResetReason.UNKNOWN_STREAM: "The cursor is of another replica, of a server that was restarted since, or of a "
        "stream that nobody followed for a while.",
        ResetReason.TOO_OLD: "More has happened since than is kept.",
    },
)
_describe(
    ContainerState,
    "The state of a container.",
    {
        ContainerState.WAITING: "Not started yet, or waiting to be started again.",
        ContainerState.RUNNING: "Runs.",
        ContainerState.TERMINATED: "Ended.",
    },
)
_describe(
    EventType,
    "How an event is meant.",
    {EventType.NORMAL: "For information.", EventType.WARNING: "Something may be wrong."},
)
_describe(
    RevisionCause,
    "Why there is a revision.",
    {
        RevisionCause.DEPLOY: "A plan was deployed.",
        RevisionCause.SCALE: "The number of replicas was changed.",
        RevisionCause.RESTART: "The pods were replaced by new ones of the same description.",
        RevisionCause.ROLLBACK: "An earlier revision was taken up again.",
        RevisionCause.PAUSE: "Its schedule was suspended.",
        RevisionCause.RESUME: "Its schedule was resumed.",
    },
)
_describe(
    RevisionState,
    "What became of a revision.",
    {
        RevisionState.PENDING: "Recorded; its objects are being applied.",
        RevisionState.APPLIED: "The cluster has taken its objects.",
        RevisionState.FAILED: "The cluster refused it; the one before is still what runs.",
    },
)
_describe(
    ChangeAction,
    "What happens to an object or a field.",
    {
        ChangeAction.CREATE: "It comes.",
        ChangeAction.UPDATE: "It changes.",
        ChangeAction.DELETE: "It goes.",
        ChangeAction.UNCHANGED: "It stays as it is.",
    },
)
_describe(
    FindingSeverity,
    "What a finding means for a deploy.",
    {
        FindingSeverity.WARNING: "It can be deployed; something should be looked at.",
        FindingSeverity.REFUSAL: "It cannot be deployed as it is.",
    },
)
_describe(
    EvidenceSource,
    "Where a piece of evidence was read.",
    {
        EvidenceSource.CONDITION: "A condition of the object.",
        EvidenceSource.CONTAINER: "The state of a container.",
        EvidenceSource.EVENT: "An event about the object.",
    },
)
_describe(
    ImagePullCause,
    "Why an image cannot be pulled, as far as the container runtime says.",
    {
        ImagePullCause.NOT_FOUND: "Its registry has no such image, or not this tag of it.",
        ImagePullCause.UNAUTHORIZED: "Its registry does not let the cluster in, or hides that there is no such image.",
        ImagePullCause.INVALID_NAME: "It is no image reference.",
        ImagePullCause.UNREACHABLE: "Its registry does not answer.",
        ImagePullCause.UNKNOWN: "The cluster does not say.",
    },
)
_describe(
    ProbeName,
    "A check of the kubelet's.",
    {
        ProbeName.STARTUP: "Whether the app has started.",
        ProbeName.LIVENESS: "Whether the app has to be started anew.",
        ProbeName.READINESS: "Whether the pod gets requests.",
    },
)
_describe(
    ExportFormat,
    "As what an app is exported.",
    {
        ExportFormat.MANIFESTS: "One file of manifests, for `kubectl apply -f`.",
        ExportFormat.KUSTOMIZE: "The files of a kustomize base, for `kubectl apply -k`.",
    },
)
_describe(
    PasteSource,
    "What a pasted text was found to be.",
    {
        PasteSource.DOCKER_RUN: "A `docker run` line.",
        PasteSource.COMPOSE: "A compose file; its first service with an image is taken.",
        PasteSource.KUBERNETES: "Objects of Kubernetes; the first workload among them is taken.",
    },
)
_describe(
    TimelineKind,
    "What happened to an app, or to its namespace.",
    {
        TimelineKind.REVISION_APPLIED: "A revision was taken by the cluster.",
        TimelineKind.REVISION_FAILED: "A revision was not taken: what ran before runs on.",
        TimelineKind.RUN_STARTED: "Somebody had a job run.",
        TimelineKind.DELETED: "The app was deleted.",
        TimelineKind.RESTORED: "The app was brought back.",
        TimelineKind.REPAIRED: "Objects that others had changed or deleted are again as recorded.",
        TimelineKind.REPAIR_REFUSED: "The cluster does not let what others changed be repaired; it is tried again.",
        TimelineKind.ORPHANS_REMOVED: "Objects of an app that is no longer on record were removed.",
        TimelineKind.VOLUME_DELETED: "A disk that no app had a use for was deleted.",
        TimelineKind.RECONCILIATION_PAUSED: "From here on, what others change is left as it is.",
        TimelineKind.RECONCILIATION_RESUMED: "From here on, what others change is repaired again.",
    },
)

_describe(
    VolumeClaimPhase,
    "How far a disk is.",
    {
        VolumeClaimPhase.PENDING: "The cluster has still to find or make a disk for it.",
        VolumeClaimPhase.BOUND: "It is there.",
        VolumeClaimPhase.LOST: "What it stood on is gone from the cluster.",
        VolumeClaimPhase.TERMINATING: "It is being deleted.",
    },
)
_describe(
    WebhookEvent,
    "What a webhook may be told of.",
    {
        WebhookEvent.WORKLOAD_CREATED: "The cluster has taken the first revision of an app.",
        WebhookEvent.WORKLOAD_DELETED: "An app was deleted; it can be brought back for a day.",
        WebhookEvent.WORKLOAD_RESTORED: "A deleted app was brought back.",
        WebhookEvent.WORKLOAD_REPAIRED: "Somebody had changed an app in the cluster: it is again as recorded.",
        WebhookEvent.WORKLOAD_PHASE_CHANGED: "An app is in another phase; what comes and goes within a moment is left "
        "out.",
        WebhookEvent.DEPLOYMENT_STARTED: "The cluster has taken a revision, and rolls it out.",
        WebhookEvent.DEPLOYMENT_FINISHED: "A revision is rolled out: the cluster says so.",
        WebhookEvent.DEPLOYMENT_FAILED: "A revision was undone, or its rollout does not move, which may still pass.",
        WebhookEvent.RUN_STARTED: "Somebody had a job run.",
        WebhookEvent.PING: "A trial, asked for by `pingWebhook`.",
    },
)
_describe(
    DeliveryState,
    "What became of a delivery.",
    {
        DeliveryState.PENDING: "To be tried, for the first time or again.",
        DeliveryState.DELIVERED: "The receiver has it: it answered 2xx.",
        DeliveryState.FAILED: "Given up; `redeliverWebhook` tries again.",
    },
    name="WebhookDeliveryState",
)
_describe(
    WorkloadOrderField,
    "By what apps can be sorted.",
    {
        WorkloadOrderField.NAME: "By name.",
        WorkloadOrderField.CREATED_AT: "By when they were first deployed.",
        WorkloadOrderField.UPDATED_AT: "By when their latest revision was made.",
    },
)
_describe(
    NamespaceOrderField,
    "By what namespaces can be sorted.",
    {
        NamespaceOrderField.NAME: "By name.",
        NamespaceOrderField.CREATED_AT: "By when they were created.",
    },
)
_describe(
    UserOrderField,
    "By what users can be sorted.",
    {
        UserOrderField.CREATED_AT: "By when they registered.",
        UserOrderField.EMAIL: "By address.",
    },
)
_describe(
    LogUpdateKind,
    "What a message of a stream of logs tells.",
    {
        LogUpdateKind.LINES: "Lines.",
        LogUpdateKind.POD_STARTED: "From here on, these containers of a pod are followed.",
        LogUpdateKind.POD_ENDED: "All of a pod's logs has been told.",
        LogUpdateKind.GAP: "Of a container, lines may be missing here.",
        LogUpdateKind.LAGGED: "The reader is too slow: of a container, lines were left out here.",
        LogUpdateKind.HEARTBEAT: "There is nothing to tell, and the stream is well.",
        LogUpdateKind.ENDED: "Nothing follows.",
    },
)
_describe(
    GapReason,
    "Why lines may be missing.",
    {
        GapReason.ROTATED: "The cluster no longer has the line after which to go on: the log was rotated, or its "
        "container was started again more than once.",
        GapReason.POD_GONE: "The pod was deleted before its log was told to the end.",
        GapReason.TOO_MUCH: "The container wrote more than 4 MiB within two seconds.",
    },
    name="LogGapReason",
)
_describe(
    PodEnd,
    "Why nothing more comes of a pod's logs.",
    {
        PodEnd.SUCCEEDED: "It ran to its end.",
        PodEnd.FAILED: "It ended without success.",
        PodEnd.DELETED: "It was deleted.",
    },
    name="PodEndReason",
)
_describe(
    StreamEnd,
    "Why a stream of logs ends.",
    {
        StreamEnd.GONE: "The app was deleted, or is the viewer's no longer.",
        StreamEnd.POD_ENDED: "The one pod that was followed has ended.",
    },
    name="LogEndReason",
)
_describe(
    MetricsUpdateKind,
    "What a message of a metrics stream tells.",
    {
        MetricsUpdateKind.SNAPSHOT: "The whole range, where there is no `after`: it replaces what a chart shows.",
        MetricsUpdateKind.SAMPLE: "The newest values, or those since `after`: they are added to what a chart shows.",
        MetricsUpdateKind.HEARTBEAT: "There is nothing to tell, and the stream is well.",
        MetricsUpdateKind.ENDED: "Nothing follows: what is measured was deleted, or is the viewer's no longer.",
    },
)
_describe(
    TimelineUpdateKind,
    "What a message of a timeline's stream tells.",
    {
        TimelineUpdateKind.ENTRY: "Something happened to the app.",
        TimelineUpdateKind.SYNCED: "What was missed has been told; what happens from now on follows.",
        TimelineUpdateKind.HEARTBEAT: "There is nothing to tell, and the stream is well.",
        TimelineUpdateKind.ENDED: "Nothing follows: the app was deleted, or is the viewer's no longer.",
    },
)
_describe(
    Period,
    "Over how long what a credential spends is counted.",
    {
        Period.MINUTE: "What may be spent at once, or in a minute.",
        Period.HOUR: "What may be spent in an hour.",
    },
    name="RateLimitPeriod",
)
