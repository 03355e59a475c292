from enum import Enum


class ChangeAction(str, Enum):
    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    UNCHANGED = "UNCHANGED"


class ConcurrencyPolicy(str, Enum):
    FORBID = "FORBID"
    REPLACE = "REPLACE"
    ALLOW = "ALLOW"


class ExposureMode(str, Enum):
    NONE = "NONE"
    PRIVATE = "PRIVATE"
    PUBLIC = "PUBLIC"


class UpdateKind(str, Enum):
    SNAPSHOT = "SNAPSHOT"
    CHANGE = "CHANGE"
    DELETED = "DELETED"
    SYNCED = "SYNCED"
    RESET = "RESET"
    LAGGED = "LAGGED"


class WorkloadKind(str, Enum):
    WEB_SERVICE = "WEB_SERVICE"
    WORKER = "WORKER"
    STATEFUL_SERVICE = "STATEFUL_SERVICE"
    SCHEDULED_JOB = "SCHEDULED_JOB"
    JOB = "JOB"


class WorkloadPhase(str, Enum):
    PENDING = "PENDING"
    PROGRESSING = "PROGRESSING"
    READY = "READY"
    DEGRADED = "DEGRADED"
    FAILED = "FAILED"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    DELETING = "DELETING"
    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"


class WorkloadSize(str, Enum):
    S = "S"
    M = "M"
    L = "L"
    XL = "XL"
