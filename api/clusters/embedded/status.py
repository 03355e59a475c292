"""Refusals, worded as kube-apiserver words them.

Source: k8s.io/apimachinery/pkg/api/errors and pkg/util/validation/field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from .objects import Obj
from .resources import Resource


class ApiError(Exception):
    """A request that is answered with a `Status` of failure."""

    def __init__(
        self, code: HTTPStatus, reason: str, message: str, *, details: Obj | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retry_after = retry_after

    def status(self) -> Obj:
        """The `Status` object that is the body of the answer."""
        status: Obj = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
        }
        if self.reason:
            status["reason"] = self.reason
        if self.details is not None:
            status["details"] = self.details
        status["code"] = int(self.code)
        return status


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong. `reason` is a `CauseType`, `body` what follows the field's path."""

    reason: str
    field: str
    body: str

    def __str__(self) -> str:
        return f"{self.field}: {self.body}"


def invalid_value(field: str, value: Any, detail: str) -> FieldError:
    return FieldError("FieldValueInvalid", field, f"Invalid value: {go_value(value)}: {detail}")


def required(field: str, detail: str = "") -> FieldError:
    return FieldError("FieldValueRequired", field, f"Required value: {detail}" if detail else "Required value")


def duplicate(field: str, value: Any) -> FieldError:
    return FieldError("FieldValueDuplicate", field, f"Duplicate value: {go_value(value)}")


def forbidden_field(field: str, detail: str) -> FieldError:
    return FieldError("FieldValueForbidden", field, f"Forbidden: {detail}")


def not_found_field(field: str, value: Any) -> FieldError:
    return FieldError("FieldValueNotFound", field, f"Not found: {go_value(value)}")


def unsupported(field: str, value: Any, supported: Sequence[str]) -> FieldError:
    values = ", ".join(f'"{each}"' for each in sorted(supported))
    return FieldError(
        "FieldValueNotSupported", field, f"Unsupported value: {go_value(value)}: supported values: {values}"
    )


def go_value(value: Any) -> str:
    """A value as the field errors of Kubernetes print it."""
    if value is None:
        return "null"
    return msgspec.json.encode(value).decode()


def _details(resource: Resource, name: str) -> Obj:
    details: Obj = {"name": name, "group": resource.group, "kind": resource.plural}
    return {field: value for field, value in details.items() if value}


def bad_request(message: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def unauthorized() -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized", "Unauthorized")


def not_found(resource: Resource, name: str) -> ApiError:
    message = f'{resource.qualified} "{name}" not found'
    return ApiError(HTTPStatus.NOT_FOUND, "NotFound", message, details=_details(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    message = f'{resource.qualified} "{name}" already exists'
    return ApiError(HTTPStatus.CONFLICT, "AlreadyExists", message, details=_details(resource, name))


def conflict(resource: Resource, name: str, why: str) -> ApiError:
    message = f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}'
    return ApiError(HTTPStatus.CONFLICT, "Conflict", message, details=_details(resource, name))


def modified(resource: Resource, name: str) -> ApiError:
    return conflict(
        resource, name, "the object has been modified; please apply your changes to the latest version and try again"
    )


def forbidden(resource: Resource, name: str, why: str, *, causes: Sequence[Obj] = ()) -> ApiError:
    details = _details(resource, name)
    if causes:
        details["causes"] = list(causes)
    message = f'{resource.qualified} "{name}" is forbidden: {why}'
    return ApiError(HTTPStatus.FORBIDDEN, "Forbidden", message, details=details)


def namespace_terminating(resource: Resource, name: str, namespace: str) -> ApiError:
    cause = {
        "reason": "NamespaceTerminating",
        "message": f"namespace {namespace} is being terminated",
        "field": "metadata.namespace",
    }
    why = f"unable to create new content in namespace {namespace} because it is being terminated"
    return forbidden(resource, name, why, causes=[cause])


def invalid(resource: Resource, name: str, errors: Sequence[FieldError]) -> ApiError:
    return _invalid(resource.group, resource.kind, name, errors)


def invalid_scale(name: str, errors: Sequence[FieldError]) -> ApiError:
    return _invalid("autoscaling", "Scale", name, errors)


def invalid_options(kind: str, errors: Sequence[FieldError]) -> ApiError:
    """The options of the request are wrong (`PatchOptions`, `DeleteOptions`)."""
    return _invalid("meta.k8s.io", kind, "", errors)


def _invalid(group: str, kind: str, name: str, errors: Sequence[FieldError]) -> ApiError:
    texts = list(dict.fromkeys(str(error) for error in errors))
    listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    qualified = f"{kind}.{group}" if group else kind
    causes = [{"reason": error.reason, "message": error.body, "field": error.field} for error in errors]
    details: Obj = {"name": name, "group": group, "kind": kind, "causes": causes}
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Invalid",
        f'{qualified} "{name}" is invalid: {listed}',
        details={field: value for field, value in details.items() if value},
    )


def apply_conflict(conflicts: Sequence[tuple[str, str]]) -> ApiError:
    """Server-side apply met fields of others: pairs of (manager as printed, path of the field)."""
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {manager}", "field": field}
        for manager, field in conflicts
    ]
    return ApiError(HTTPStatus.CONFLICT, "Conflict", _conflict_message(conflicts), details={"causes": causes})


def _conflict_message(conflicts: Sequence[tuple[str, str]]) -> str:
    if len(conflicts) == 1:
        manager, field = conflicts[0]
        return f"Apply failed with 1 conflict: conflict with {manager}: {field}"
    fields: dict[str, list[str]] = {}
    for manager, field in conflicts:
        fields.setdefault(manager, []).append(field)
    lines = []
    for manager in sorted(fields):
        if len(fields[manager]) == 1:
            lines.append(f"conflict with {manager}: {fields[manager][0]}")
        else:
            lines.append("\n- ".join([f"conflicts with {manager}:", *fields[manager]]))
    return f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)


def expired(requested: int, oldest: int) -> ApiError:
    return ApiError(HTTPStatus.GONE, "Expired", f"too old resource version: {requested} ({oldest})")


def continue_expired() -> ApiError:
    return ApiError(
        HTTPStatus.GONE,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list "
        "without the continue parameter.",
    )


def too_large_resource_version(requested: int, current: int) -> ApiError:
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    return ApiError(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Timeout",
        f"Timeout: Too large resource version: {requested}, current: {current}",
        details={"causes": [cause], "retryAfterSeconds": 1},
        retry_after=1,
    )


def method_not_allowed() -> ApiError:
    message = "the server does not allow this method on the requested resource"
    return ApiError(HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", message, details={})


def unknown_resource() -> ApiError:
    """The group is served, but not that resource."""
    message = "the server could not find the requested resource"
    return ApiError(HTTPStatus.NOT_FOUND, "NotFound", message, details={})


def untyped_patch(resource: Resource, config: Obj, why: str) -> ApiError:
    """An apply that does not fit the schema of its kind; a real server gives no reason but words."""
    metadata = config["metadata"]
    where = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
    return ApiError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "",
        f"failed to create typed patch object ({where}; {resource.api_version}, Kind={resource.kind}): {why}",
    )


def unfit_patch() -> ApiError:
    """The patch cannot be carried out on this object; a real server does not say why."""
    message = "the server rejected our request due to an error in our request"
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", message, details={})


def unsupported_patch() -> ApiError:
    message = "415: Unsupported Media Type"
    return ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message, details={})


def precondition_failed(resource: Resource, name: str, why: str) -> ApiError:
    """A deletion that names another object than this; here the kind stands where the resource does elsewhere."""
    message = f'Operation cannot be fulfilled on {resource.qualified_kind} "{name}": {why}'
    details = {field: value for field, value in (("name", name), ("group", resource.group)) if value}
    return ApiError(HTTPStatus.CONFLICT, "Conflict", message, details={**details, "kind": resource.kind})


def unsupported_media_type(accepted: Sequence[str]) -> ApiError:
    return ApiError(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted),
    )


def too_large(limit: int) -> ApiError:
    return ApiError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge", f"Request entity too large: limit is {limit}"
    )


def internal_error(message: str) -> ApiError:
    return ApiError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "InternalError",
        f"Internal error occurred: {message}",
        details={"causes": [{"message": message}]},
    )


def success(resource: Resource, name: str, uid: str) -> Obj:
    """What a deletion that is done answers."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {**_details(resource, name), "uid": uid},
    }
