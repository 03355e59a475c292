"""Failures on their way to the caller: expected ones as members of a payload, the rest as GraphQL errors."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError

from api import errors
from api.error_codes import ErrorCode
from graphql_schema.context import Info
from graphql_schema.lazy import LazyUser
from graphql_schema.scalars import Quantity, quantity
from graphql_schema.user_error_codes import UserErrorCode

_logger = logging.getLogger(__name__)

_MESSAGE = "What happened, to what, and the way out."
_PATH = "The input field it is about, below `input`; empty for the whole input."

ERRORS = "Why nothing was done; empty where it was."
"""Description of the field `errors` of every payload."""


@strawberry.type(description="A change of one input field that would mend a failure.")
class SuggestedFix:
    label: str = strawberry.field(description="What the change does, for a button.")
    path: list[str] = strawberry.field(description="The input field to change.")
    value: str = strawberry.field(description="The value to give it, as JSON text.")

    @classmethod
    def from_model(cls, fix: errors.SuggestedFix) -> SuggestedFix:
        return cls(label=fix.label, path=graphql_path(fix.path), value=_graphql_value(fix.value))


@strawberry.interface(description="An expected failure; `path` is the input field it is about, below `input`.")
class UserError:
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)

    @strawberry.field(description="The kind of failure: its type, for clients that know no fragments of it.")
    def code(self) -> UserErrorCode:
        return _CODES[type(self)]


@strawberry.type(description="A value breaks a rule.")
class InvalidInputError(UserError):
    example: str | None = strawberry.field(description="A value that would do.")


@strawberry.type(description="The name is in use already.")
class NameTakenError(UserError):
    pass


@strawberry.type(description="The object that the input names is absent, or not the viewer's: the two look alike.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="Somebody has a use for what is to be deleted; the message says who.")
class InUseError(UserError):
    pass


@strawberry.type(description="It does not fit what the namespace may use.")
class QuotaExceededError(UserError):
    resource: str = strawberry.field(description="The quota's resource, as in `requests.cpu`.")
    used: Quantity | None = strawberry.field(description="What is in use; null where the cluster does not say.")
    requested: Quantity | None = strawberry.field(description="What was asked for on top; null: it is not said.")
    limit: Quantity | None = strawberry.field(description="What the namespace may use; null: it is not said.")
    fix: SuggestedFix | None = strawberry.field(description="A change of the input that would mend it, if any.")


@strawberry.type(description="The cluster's policy (Pod Security, admission) refuses it.")
class PolicyViolationError(UserError):
    policy: str = strawberry.field(
        description="Whose policy it is: `Pod Security`, `LimitRange`, the name of a webhook or of an admission "
        "policy; empty where the cluster does not say."
    )
    fix: SuggestedFix | None = strawberry.field(description="A change of the input that would mend it, if any.")


@strawberry.type(
    description="A field that moved since a plan was made, by three values as JSON text (null: absent, or not set). "
    "Secret values are never in it."
)
class FieldConflict:
    kind: str = strawberry.field(description="The object's kind; `Workload` for a field of the app's description.")
    name: str = strawberry.field(description="The object's name.")
    path: str = strawberry.field(
        description="The field, as in `spec.replicas`; `metadata.uid` of an object that went, came or was made anew."
    )
    planned: str | None = strawberry.field(description="What the plan sets.")
    live: str | None = strawberry.field(description="What it is now.")
    base: str | None = strawberry.field(description="What it was when the plan was made.")
    manager: str | None = strawberry.field(
        default=None,
        description="Who set the live value, as Kubernetes names them (`kubectl-edit`); null where it does not say.",
    )

    @classmethod
    def from_model(cls, conflict: errors.FieldConflict) -> FieldConflict:
        path = spec_path(conflict.path) if conflict.kind == "Workload" else conflict.path
        return cls(
            kind=conflict.kind,
            name=conflict.name,
            path=path,
            planned=conflict.planned,
            live=conflict.live,
            base=conflict.base,
            manager=conflict.manager,
        )


@strawberry.type(description="What the plan was made for has changed since; plan again.")
class PlanConflictError(UserError):
    changes: list[str] = strawberry.field(description="What has changed: a field of the app, or an object, each.")
    conflicts: list[FieldConflict] = strawberry.field(description="The same, field by field with its values.")
    revision: int | None = strawberry.field(
        description="The revision that was deployed meanwhile; null where it was the cluster that changed."
    )
    author_id: strawberry.Private[UUID | None] = None

    @strawberry.field(
        description="Who deployed that revision; null where nobody did, or the viewer may not see that user."
    )
    async def author(self, info: Info) -> LazyUser | None:
        from graphql_schema.users import types as user_types  # noqa: PLC0415 - which lead to apps, and back to here

        if self.author_id is None:
            return None
        author = await info.context.loaders.users_by_id.load(self.author_id)
        return user_types.User.from_model(author) if author else None


@strawberry.type(description="The plan is too old, was deployed already, or never was; plan again.")
class PlanExpiredError(UserError):
    pass


@strawberry.type(description="The idempotency key stands for another request already; take a new one.")
class IdempotencyConflictError(UserError):
    pass


@strawberry.type(description="The namespace is being deleted; nothing new can be put into it.")
class NamespaceTerminatingError(UserError):
    pass


@strawberry.type(description="The cluster refused it for a reason of its own, which the message quotes.")
class ClusterRefusedError(UserError):
    kind: str = strawberry.field(description="The kind of the object that it refused; empty where it does not say.")
    name: str = strawberry.field(description="That object's name; empty where it does not say.")
    field: str = strawberry.field(
        description="The field of that object, as in `spec.rules[0].host`; empty where it does not say."
    )
    reason: str = strawberry.field(
        description="What is wrong with that field in Kubernetes' terms, as `FieldValueInvalid`; empty where it does "
        "not say."
    )


_CODES: Mapping[type[UserError], UserErrorCode] = {
    InvalidInputError: UserErrorCode.INVALID_INPUT,
    NameTakenError: UserErrorCode.NAME_TAKEN,
    NotFoundError: UserErrorCode.NOT_FOUND,
    InUseError: UserErrorCode.IN_USE,
    QuotaExceededError: UserErrorCode.QUOTA_EXCEEDED,
    PolicyViolationError: UserErrorCode.POLICY_VIOLATION,
    PlanConflictError: UserErrorCode.PLAN_CONFLICT,
    PlanExpiredError: UserErrorCode.PLAN_EXPIRED,
    IdempotencyConflictError: UserErrorCode.IDEMPOTENCY_CONFLICT,
    NamespaceTerminatingError: UserErrorCode.NAMESPACE_TERMINATING,
    ClusterRefusedError: UserErrorCode.CLUSTER_REFUSED,
}
# Passed to the schema by name: no field returns them but through the interface.
USER_ERROR_TYPES: tuple[type[UserError], ...] = tuple(_CODES)


def graphql_path(path: errors.FieldPath) -> list[str]:
    """A field path in GraphQL's spelling: `("run_as_user",)` is `["runAsUser"]`."""
    return [camel_case(step) if isinstance(step, str) else str(step) for step in path]


def spec_path(path: str) -> str:
    """A field of an app's description in GraphQL's spelling; what is in brackets, as a variable's name, as it is."""
    field, bracket, rest = path.partition("[")
    named, closed, part = rest.rpartition("]")
    return f"{camel_case(field)}{bracket}{named}{closed}{camel_case(part)}"


def _graphql_value(value: str) -> str:
    """A value as JSON text, its fields in GraphQL's spelling where it has some."""
    decoded = json.loads(value)
    return json.dumps({camel_case(key): each for key, each in decoded.items()}) if isinstance(decoded, dict) else value


def camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def user_errors(failure: errors.ExpectedFailure | errors.NotFound, *, absent: str = "") -> list[UserError]:
    """The members of a payload's `errors` for what a service raised; `absent` is the input field that names the
    object where the service says NotFound, and does not say which field is about it."""
    match failure:
        case errors.InvalidInputs(failures=failures):
            return [error for each in failures for error in user_errors(each)]
        case errors.NotFound():
            path = graphql_path(failure.path) or ([absent] if absent else [])
            return [NotFoundError(message=failure.message, path=path)]
    return [_user_error(failure, {"message": failure.message, "path": graphql_path(failure.path)})]


def _user_error(failure: errors.ExpectedFailure, common: dict[str, Any]) -> UserError:
    match failure:
        case errors.InvalidInput(example=example):
            return InvalidInputError(**common, example=example)
        case errors.QuotaExceeded(resource=resource, used=used, requested=requested, limit=limit, fix=fix):
            return QuotaExceededError(
                **common,
                resource=resource,
                used=quantity(used),
                requested=quantity(requested),
                limit=quantity(limit),
                fix=_fix(fix),
            )
        case errors.PolicyViolation(fix=fix, policy=policy):
            return PolicyViolationError(**common, policy=policy, fix=_fix(fix))
        case errors.ClusterRefused(kind=kind, name=name, fields=fields):
            first = fields[0] if fields else errors.RefusedField("", "", "")
            return ClusterRefusedError(**common, kind=kind, name=name, field=first.field, reason=first.reason)
        case errors.PlanConflict(changes=changes, conflicts=conflicts, revision=revision, author_id=author_id):
            return PlanConflictError(
                **common,
                changes=[spec_path(change) for change in changes],
                conflicts=[FieldConflict.from_model(each) for each in conflicts],
                revision=revision,
                author_id=author_id,
            )
    return _PLAIN_ERRORS[type(failure)](**common)


def _fix(fix: errors.SuggestedFix | None) -> SuggestedFix | None:
    return SuggestedFix.from_model(fix) if fix else None


_PLAIN_ERRORS: dict[type[errors.ExpectedFailure], Callable[..., UserError]] = {
    errors.NameTaken: NameTakenError,
    errors.NotThere: NotFoundError,
    errors.InUse: InUseError,
    errors.PlanExpired: PlanExpiredError,
    errors.IdempotencyConflict: IdempotencyConflictError,
    errors.NamespaceTerminating: NamespaceTerminatingError,
}


_QUOTED = (
    (re.compile(r"[,;] found: .*", re.DOTALL), "."),
    (re.compile(r"(?<=\?) Found: .*", re.DOTALL), ""),
    (re.compile(r"( cannot represent [^:]*): .*?(\. Did you mean .*)?$", re.DOTALL), r"\1\2"),
    (re.compile(r"Value '.*' does not exist in", re.DOTALL), "The value does not exist in"),
)
"""How graphql-core words a value that it does not take, and what is left of that."""
_QUOTED_SYNTAX = (
    (re.compile(r"(found|Unexpected) (Name|Int|Float|String|BlockString|Comment) '.*'\.$", re.DOTALL), r"\1 \2."),
    (re.compile(r"(Invalid (?:Unicode|character) escape sequence): .*", re.DOTALL), r"\1."),
    (re.compile(r"(Invalid number, (?:unexpected digit after 0|expected digit))(?: but got)?: .*", re.DOTALL), r"\1."),
    (re.compile(r"(Invalid number, expected digit before '\.'), did you mean .*", re.DOTALL), r"\1."),
)
"""The same of a document that cannot be parsed: the kind of token is left, and its place is told beside it."""


def formatted(error: GraphQLError, *, request_id: str, code: ErrorCode = errors.ExpectedFailure.code) -> dict[str, Any]:
    """`error` as the response carries it, with a code that a client can act on; `code` where it has none of its own.

    Failures that Moorage knows keep their message; anything else is a bug of ours: it is logged with the request's
    id, and the caller is told that id and nothing more.
    """
    original = _origin(error)
    if isinstance(original, errors.MoorageError):
        if original.detail:
            _logger.warning("%s (request %s): %s", original.message, request_id, original.detail)
        error = _known(error, original)
    elif original is not None:
        place = ".".join(map(str, error.path or ())) or "the operation"
        _logger.error("%s failed (request %s)", place, request_id, exc_info=original)
        error = _masked(error, request_id)
    else:
        error = _without_values(error)
    response: dict[str, Any] = dict(error.formatted)
    response["extensions"] = {"code": code, **(error.extensions or {})}
    return response


def _origin(error: GraphQLError) -> Exception | None:
    """The exception behind `error`; None where the request itself is at fault."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def _without_values(error: GraphQLError) -> GraphQLError:
    """An error of the request without the values that graphql-core quotes: a secret may be among them, and many read
    what a pipeline prints. Where in the input it is, and what is wrong, stays."""
    message = error.message
    for pattern, rest in _QUOTED_SYNTAX if isinstance(error, GraphQLSyntaxError) else _QUOTED:
        message = pattern.sub(rest, message)
    if message == error.message:
        return error
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=error.extensions,
    )


def _known(error: GraphQLError, failure: errors.MoorageError) -> GraphQLError:
    extensions: dict[str, Any] = {"code": failure.code}
    if isinstance(failure, errors.Unavailable):
        extensions["part"] = failure.part
    if isinstance(failure, errors.RateLimited | errors.Unavailable) and failure.retry_after is not None:
        extensions["retryAfter"] = failure.retry_after
    return GraphQLError(failure.message, nodes=error.nodes, path=error.path, extensions=extensions)


def _masked(error: GraphQLError, request_id: str) -> GraphQLError:
    return GraphQLError(
        f"Something went wrong on the server. Its log has the cause under request {request_id}.",
        nodes=error.nodes,
        path=error.path,
        extensions={"code": errors.MoorageError.code, "requestId": request_id},
    )
