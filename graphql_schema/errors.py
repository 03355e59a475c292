"""Failures on their way to the caller: expected ones as members of a payload, the rest as GraphQL errors."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLError

from api import errors

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


@strawberry.type(description="A value breaks a rule.")
class InvalidInputError(UserError):
    example: str | None = strawberry.field(description="A value that would do.")


@strawberry.type(description="The name is in use already.")
class NameTakenError(UserError):
    pass


@strawberry.type(description="The object that the input names is absent, or not the viewer's: the two look alike.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="It does not fit what the namespace may use.")
class QuotaExceededError(UserError):
    resource: str = strawberry.field(description="The quota's resource, as in `requests.cpu`.")
    used: str = strawberry.field(description="What is in use, as a Kubernetes quantity.")
    requested: str = strawberry.field(description="What was asked for on top, as a Kubernetes quantity.")
    limit: str = strawberry.field(description="What the namespace may use, as a Kubernetes quantity.")
    fix: SuggestedFix | None = strawberry.field(description="A change of the input that would mend it, if any.")


@strawberry.type(description="The cluster's policy (Pod Security, admission) refuses it.")
class PolicyViolationError(UserError):
    fix: SuggestedFix | None = strawberry.field(description="A change of the input that would mend it, if any.")


@strawberry.type(description="What the plan was made for has changed since; plan again.")
class PlanConflictError(UserError):
    changes: list[str] = strawberry.field(description="What has changed, a field each.")


@strawberry.type(description="The plan is too old, was deployed already, or never was; plan again.")
class PlanExpiredError(UserError):
    pass


@strawberry.type(description="The namespace is being deleted; nothing new can be put into it.")
class NamespaceTerminatingError(UserError):
    pass


@strawberry.type(description="The cluster refused it for a reason of its own, which the message quotes.")
class ClusterRefusedError(UserError):
    pass


# Passed to the schema by name: no field returns them but through the interface.
USER_ERROR_TYPES: tuple[type[UserError], ...] = (
    InvalidInputError,
    NameTakenError,
    NotFoundError,
    QuotaExceededError,
    PolicyViolationError,
    PlanConflictError,
    PlanExpiredError,
    NamespaceTerminatingError,
    ClusterRefusedError,
)


def graphql_path(path: errors.FieldPath) -> list[str]:
    """A field path in GraphQL's spelling: `("run_as_user",)` is `["runAsUser"]`."""
    return [camel_case(step) if isinstance(step, str) else str(step) for step in path]


def _graphql_value(value: str) -> str:
    """A value as JSON text, its fields in GraphQL's spelling where it has some."""
    decoded = json.loads(value)
    return json.dumps({camel_case(key): each for key, each in decoded.items()}) if isinstance(decoded, dict) else value


def camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def user_errors(failure: errors.ExpectedFailure | errors.NotFound, *, absent: str = "") -> list[UserError]:
    """The members of a payload's `errors` for what a service raised; `absent` is the input field that names the
    object where the service says NotFound."""
    match failure:
        case errors.InvalidInputs(failures=failures):
            return [error for each in failures for error in user_errors(each)]
        case errors.NotFound():
            return [NotFoundError(message=failure.message, path=[absent] if absent else [])]
    return [_user_error(failure, {"message": failure.message, "path": graphql_path(failure.path)})]


def _user_error(failure: errors.ExpectedFailure, common: dict[str, Any]) -> UserError:
    match failure:
        case errors.InvalidInput(example=example):
            return InvalidInputError(**common, example=example)
        case errors.QuotaExceeded(resource=resource, used=used, requested=requested, limit=limit, fix=fix):
            return QuotaExceededError(
                **common, resource=resource, used=used, requested=requested, limit=limit, fix=_fix(fix)
            )
        case errors.PolicyViolation(fix=fix):
            return PolicyViolationError(**common, fix=_fix(fix))
        case errors.PlanConflict(changes=changes):
            return PlanConflictError(**common, changes=list(changes))
    return _PLAIN_ERRORS[type(failure)](**common)


def _fix(fix: errors.SuggestedFix | None) -> SuggestedFix | None:
    return SuggestedFix.from_model(fix) if fix else None


_PLAIN_ERRORS: dict[type[errors.ExpectedFailure], Callable[..., UserError]] = {
    errors.NameTaken: NameTakenError,
    errors.NotThere: NotFoundError,
    errors.PlanExpired: PlanExpiredError,
    errors.NamespaceTerminating: NamespaceTerminatingError,
    errors.ClusterRefused: ClusterRefusedError,
}


def formatted(error: GraphQLError, *, request_id: str, code: str = errors.ExpectedFailure.code) -> dict[str, Any]:
    """`error` as the response carries it, with a code that a client can act on; `code` where it has none of its own.

    Failures that Moorage knows keep their message; anything else is a bug of ours: it is logged with the request's
    id, and the caller is told that id and nothing more.
    """
    original = _origin(error)
    if isinstance(original, errors.MoorageError):
        error = _known(error, original)
    elif original is not None:
        place = ".".join(map(str, error.path or ())) or "the operation"
        _logger.error("%s failed (request %s)", place, request_id, exc_info=original)
        error = _masked(error, request_id)
    response: dict[str, Any] = dict(error.formatted)
    response["extensions"] = {"code": code, **(error.extensions or {})}
    return response


def _origin(error: GraphQLError) -> Exception | None:
    """The exception behind `error`; None where the request itself is at fault."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def _known(error: GraphQLError, failure: errors.MoorageError) -> GraphQLError:
    extensions: dict[str, Any] = {"code": failure.code}
    if isinstance(failure, errors.Unavailable):
        extensions["part"] = failure.part
    if isinstance(failure, errors.RateLimited):
        extensions["retryAfter"] = failure.retry_after
    return GraphQLError(failure.message, nodes=error.nodes, path=error.path, extensions=extensions)


def _masked(error: GraphQLError, request_id: str) -> GraphQLError:
    return GraphQLError(
        f"Something went wrong on the server. Its log has the cause under request {request_id}.",
        nodes=error.nodes,
        path=error.path,
        extensions={"code": errors.MoorageError.code, "requestId": request_id},
    )
