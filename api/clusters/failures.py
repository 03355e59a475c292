"""The API server's refusals in our own words: from a `Status` to the narrowest error of `api.errors`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from api.clusters.admission import admission_refusal, is_of_quota, is_passing
from api.errors import (
    ClusterRefused,
    MoorageError,
    NamespaceTerminating,
    NameTaken,
    NotThere,
    PolicyViolation,
    RefusedField,
    Unavailable,
)

_RIGHT = re.compile(r'User "[^"]*" (?P<missing>cannot .+)$')
"""RBAC's own wording."""
_VALUE = re.compile(r'(?:Invalid|Duplicate|Too long)(?: value)?: (?:"(?:[^"\\]|\\.)*"|[{\[].*[}\]]|[^:]*): ', re.DOTALL)
_UNKNOWN = re.compile(r'strict decoding error: unknown field "(?P<field>[^"]+)"')
_UNTYPED = re.compile(
    r"failed to create typed patch object \((?:[^/]*/)?(?P<name>[^;]+); [^,]+, Kind=(?P<kind>\w+)\): "
    r"(?:errors:\s+)?(?P<field>\.\S+): (?P<detail>[^\n]+)"
)
"""Of several fields the first, which stands in a line of its own."""
_GOT = re.compile(r", got (?!(?:string|bool|int64|float64|<nil>|map\[string\]interface \{\}|\[\]interface \{\})$).*")
"""What is there in place of what is expected: a value, but for the names of Go's types.
https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/validate.go
"""
_SILENT_WEBHOOK = re.compile(r'failed calling webhook "(?P<webhook>[^"]+)"')
_BUSY = "The cluster is busy just now. Try again in a moment."
_COUNTING = "The cluster is still counting what the namespace uses. Try again in a moment."


class Gone(MoorageError):
    """410: the resourceVersion is too old; list again."""


class Busy(Unavailable):
    """429, or admission cannot say yet: turned away before anything was done."""

    def __init__(self, message: str, *, detail: str, retry_after: float | None = None) -> None:
        super().__init__(message, part="cluster", detail=detail, retry_after=retry_after)


class Faulty(Unavailable):
    """5xx: the API server has a problem of its own, and what was asked may have been done or not."""

    def __init__(self, detail: str) -> None:
        super().__init__(_problem(detail), part="cluster", detail=detail)


class Denied(Unavailable):
    """403 by RBAC: Moorage itself lacks a right, and the message says which."""

    def __init__(self, missing: str) -> None:
        message = f"Moorage itself lacks a right in the cluster: it {missing}."
        super().__init__(message, part="cluster")


def failure(status: int, body: bytes, headers: Mapping[str, str]) -> MoorageError:
    """The error for an answer of 400 or more."""
    told = _status(body)
    message = str(told.get("message") or f"the API server answered {status}")
    if status == HTTPStatus.GONE or told.get("reason") == "Expired":
        return Gone(message)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Busy(_BUSY, detail=message, retry_after=_seconds(headers.get("Retry-After")))
    if mistyped := _mistyped(message):
        return mistyped
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Faulty(f"{status}: {message}")
    if status == HTTPStatus.UNAUTHORIZED:
        return Unavailable("The cluster does not accept Moorage's credentials. Check its kubeconfig.", part="cluster")
    return _refusal(status, message, told)


def _refusal(status: int, message: str, told: dict[str, Any]) -> MoorageError:
    causes = {cause.get("reason") for cause in _causes(told)}
    if "NamespaceTerminating" in causes or "because it is being terminated" in message:
        return NamespaceTerminating("The namespace is being deleted; nothing new can be put into it.")
    if refusal := admission_refusal(message) or _passing(message):
        return refusal
    if status == HTTPStatus.FORBIDDEN and not is_of_quota(message):
        return _forbidden(message)
    if status == HTTPStatus.NOT_FOUND:
        return NotThere(f"It is not in the cluster: {message}.")
    if status == HTTPStatus.CONFLICT and told.get("reason") == "AlreadyExists":
        return NameTaken(f"The cluster has an object of that name already: {message}.")
    return _invalid(message, told)


def _problem(detail: str) -> str:
    if webhook := _SILENT_WEBHOOK.search(detail):
        return (
            f"The policy {webhook['webhook']} of the cluster does not answer, and nothing is taken without it. "
            "Its administrators can say more."
        )
    return "The cluster has a problem of its own. Try again in a moment."


def _passing(message: str) -> Busy | None:
    return Busy(_COUNTING, detail=message) if is_passing(message) else None


def _forbidden(message: str) -> MoorageError:
    if right := _RIGHT.search(message):
        return Denied(right["missing"])
    return PolicyViolation(f"The cluster's policy refuses it: {message}")


def _invalid(message: str, told: dict[str, Any]) -> ClusterRefused:
    """The object, and each field of it that is named: in the causes of a 422, else in the text."""
    details = told.get("details") or {}
    fields = tuple(
        RefusedField(cause["field"], cause.get("reason", ""), without_value(cause.get("message", "")))
        for cause in _causes(told)
        if cause.get("field")
    )
    if unknown := _UNKNOWN.search(message):
        fields = (RefusedField(unknown["field"], "FieldUnknown", "there is no such field"),)
    words = "; ".join(f"{each.field}: {each.detail}" for each in fields) or message
    kind, name = details.get("kind", ""), details.get("name", "")
    return ClusterRefused(f"The cluster refuses it: {words}", kind=kind, name=name, fields=fields)


def _mistyped(message: str) -> ClusterRefused | None:
    """What server-side apply cannot read it answers 500, although asking again is no use."""
    match = _UNTYPED.match(message)
    if match is None:
        return None
    field = RefusedField(match["field"].removeprefix("."), "FieldTypeInvalid", _GOT.sub("", match["detail"]))
    message = f"The cluster refuses it: {field.field}: {field.detail}"
    return ClusterRefused(message, kind=match["kind"], name=match["name"], fields=(field,))


def without_value(message: str) -> str:
    """A cause's words without the value, which may be long, or nobody else's business."""
    return _VALUE.sub("", message, count=1)


def _causes(told: dict[str, Any]) -> Sequence[dict[str, str]]:
    return (told.get("details") or {}).get("causes") or ()


def _status(body: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None
