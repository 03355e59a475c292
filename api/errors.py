"""Every failure that Moorage knows by name.

    MoorageError
    ├── ExpectedFailure             the caller can mend it; a member of the mutation's payload
    │   ├── InvalidInput            a value breaks a rule
    │   ├── InvalidInputs           several failures, found at once
    │   ├── NameTaken               the name is in use
    │   ├── InUse                   somebody has a use for it: it cannot be deleted
    │   ├── NotThere                the object that the input names is absent, or not the caller's
    │   ├── QuotaExceeded           it does not fit what the namespace may use
    │   ├── PolicyViolation         the cluster's policy (Pod Security, admission) refuses it
    │   ├── PlanConflict            what the plan was made for has changed since
    │   ├── PlanExpired             the plan is too old, or unknown
    │   ├── IdempotencyConflict     the idempotency key stands for another request
    │   ├── NamespaceTerminating    the namespace is being deleted
    │   └── ClusterRefused          the API server refused it for another reason of its own
    ├── Unauthenticated             nobody is signed in
    ├── Forbidden                   signed in, and not allowed
    ├── NotFound                    absent, or not the caller's: the two look alike
    ├── RateLimited                 too many tries; says when to come back
    ├── Unavailable                 a part (cluster, database, metrics source) does not answer
    └── ConfigurationError          a setting is wrong; names it. Raised at start only

An `ExpectedFailure` names the input field it is about by `path`, written as the GraphQL input writes it
(`("workload", "environment", 0, "name")`). Messages say what happened, to what, and the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from api.error_codes import ErrorCode

FieldPath = tuple[str | int, ...]


class MoorageError(Exception):
    """Root of the tree. `code` is what clients are told, by GraphQL in `extensions.code`.

    Callers are told the message alone. `detail` is what the part that failed said in its own words: addresses and paths
    may be in it, which are for the log and for administrators.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL_SERVER_ERROR
    detail: str = ""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class ExpectedFailure(MoorageError):
    """A failure that the caller can mend; `path` is the input field it is about (empty: the whole input)."""

    code = ErrorCode.BAD_USER_INPUT

    def __init__(self, message: str, *, path: FieldPath = ()) -> None:
        super().__init__(message)
        self.path = path

    def under(self, *prefix: str | int) -> ExpectedFailure:
        """The same failure, its path moved below `prefix`: a rule does not know where its field is nested."""
        self.path = (*prefix, *self.path)
        return self


class InvalidInput(ExpectedFailure):
    """A value breaks a rule; `example` is one that would not."""

    def __init__(self, message: str, *, path: FieldPath = (), example: str | None = None) -> None:
        super().__init__(message, path=path)
        self.example = example


class InvalidInputs(ExpectedFailure):
    """Everything that is wrong with one input, so that a form shows it all at once; each failure has its own path."""

    def __init__(self, failures: Sequence[ExpectedFailure]) -> None:
        super().__init__(" ".join(failure.message for failure in failures))
        self.failures = tuple(failures)

    def under(self, *prefix: str | int) -> InvalidInputs:
        for failure in self.failures:
            failure.under(*prefix)
        return self


class NameTaken(ExpectedFailure):
    """The name is in use already."""

    code = ErrorCode.CONFLICT


class InUse(ExpectedFailure):
    """Somebody has a use for what is to be deleted."""

    code = ErrorCode.CONFLICT


class NotThere(ExpectedFailure):
    """The object that an input field names is absent, or not the caller's."""

    code = ErrorCode.NOT_FOUND


@dataclass(frozen=True, slots=True)
class SuggestedFix:
    """A change of one input field that would mend a refusal: `value` is JSON text."""

    path: FieldPath
    value: str
    label: str


class QuotaExceeded(ExpectedFailure):
    """It does not fit. `used`, `requested` and `limit` are Kubernetes quantities (`500m`, `1Gi`)."""

    def __init__(
        self,
        message: str,
        *,
        resource: str,
        used: str,
        requested: str,
        limit: str,
        path: FieldPath = (),
        fix: SuggestedFix | None = None,
    ) -> None:
        super().__init__(message, path=path)
        self.resource = resource
        self.used = used
        self.requested = requested
        self.limit = limit
        self.fix = fix


class PolicyViolation(ExpectedFailure):
    """The cluster's policy refuses it.

    `policy` says whose that is (`Pod Security`, `LimitRange`, the name of a webhook or of an admission policy),
    `violations` what it objects to, in its own words.
    """

    def __init__(
        self,
        message: str,
        *,
        path: FieldPath = (),
        fix: SuggestedFix | None = None,
        policy: str = "",
        violations: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, path=path)
        self.fix = fix
        self.policy = policy
        self.violations = violations


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that moved since a plan was made: what it was then (`base`), what it is now (`live`), and what the plan
    sets. Values are JSON text, a secret's redacted; None is an absent field.

    `kind` and `name` are the object's, `Workload` for a field of the app's own description. An object that was
    deleted, made anew or added is told by its `metadata.uid`. `manager` is who set the live value, as Kubernetes names
    who writes (`kubectl-edit`); None where it does not say, or nobody did.
    """

    kind: str
    name: str
    path: str
    planned: str | None
    live: str | None
    base: str | None
    manager: str | None = None


class PlanConflict(ExpectedFailure):
    """What the plan was made for has changed since.

    `changes` names what moved, `conflicts` field by field; `revision` is the one that another deployed meanwhile and
    `author_id` who did, both None where it was not a deploy.
    """

    code = ErrorCode.CONFLICT

    def __init__(
        self,
        message: str,
        *,
        changes: tuple[str, ...] = (),
        path: FieldPath = (),
        conflicts: tuple[FieldConflict, ...] = (),
        revision: int | None = None,
        author_id: UUID | None = None,
    ) -> None:
        super().__init__(message, path=path)
        self.changes = changes
        self.conflicts = conflicts
        self.revision = revision
        self.author_id = author_id


class PlanExpired(ExpectedFailure):
    """The plan is too old, was deployed already, or never was."""

    code = ErrorCode.CONFLICT


class IdempotencyConflict(ExpectedFailure):
    """The idempotency key was used for another request already."""

    code = ErrorCode.CONFLICT


class NamespaceTerminating(ExpectedFailure):
    """The namespace is being deleted; nothing new can be put into it."""

    code = ErrorCode.CONFLICT


@dataclass(frozen=True, slots=True)
class RefusedField:
    """A field of an object that the API server does not take: `field` as in `spec.rules[0].host`, `reason` one of its
    causes (`FieldValueInvalid`), `detail` its own words, without the value."""

    field: str
    reason: str
    detail: str


class ClusterRefused(ExpectedFailure):
    """The API server refused it for a reason that has no narrower class here; its own words are in the message.

    Where it named an object, that is `kind` and `name`; where it named fields of it, `fields`.
    """

    def __init__(
        self,
        message: str,
        *,
        path: FieldPath = (),
        kind: str = "",
        name: str = "",
        fields: tuple[RefusedField, ...] = (),
    ) -> None:
        super().__init__(message, path=path)
        self.kind = kind
        self.name = name
        self.fields = fields


class Unauthenticated(MoorageError):
    """Nobody is signed in, or the credential is no longer valid."""

    code = ErrorCode.UNAUTHENTICATED


class Forbidden(MoorageError):
    """Signed in, and not allowed."""

    code = ErrorCode.FORBIDDEN


class NotFound(MoorageError):
    """Absent, or not the caller's: the two look alike. `path` is the input field that names it, where that is not the
    object itself which the request is about."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, message: str, *, path: FieldPath = ()) -> None:
        super().__init__(message)
        self.path = path


class RateLimited(MoorageError):
    """Too many tries; `retry_after` is in seconds."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(MoorageError):
    """A part that Moorage stands on does not answer; `part` is `cluster`, `database` or `metrics`, `retry_after` in how
    many seconds it said that it will, None where it did not say."""

    code = ErrorCode.UNAVAILABLE

    def __init__(self, message: str, *, part: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.part = part
        self.detail = detail
        self.retry_after = retry_after


class Unreachable(Unavailable):
    """A part does not answer at all: not one that answers that it cannot, or not for this caller, or not now."""


class ConfigurationError(MoorageError):
    """A setting is wrong; `setting` is the environment variable that names it."""

    def __init__(self, message: str, *, setting: str) -> None:
        super().__init__(message)
        self.setting = setting
