"""The API server's refusals in our own words: from a `Status` to the narrowest error of `api.errors`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from api.errors import (
    ClusterRefused,
    MoorageError,
    NamespaceTerminating,
    NameTaken,
    NotThere,
    PolicyViolation,
    QuotaExceeded,
    Unavailable,
)

_RIGHT = re.compile(r'User "[^"]*" (?P<missing>cannot .+)$')
"""RBAC's own wording."""
_OVER_QUOTA = "exceeded quota"
_QUOTA = re.compile(
    r"exceeded quota: [^,]+, requested: (?P<requested>.+), used: (?P<used>.+), limited: (?P<limited>.+)$"
)


class Gone(MoorageError):
    """410: the resourceVersion is too old; list again."""


class Busy(Unavailable):
    """429: turned away before anything was done; `after` is in seconds, None where the server did not say."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message, part="cluster")
        self.after = after


class Faulty(Unavailable):
    """5xx: the API server has a problem of its own, and what was asked may have been done or not."""

    def __init__(self, message: str) -> None:
        super().__init__(message, part="cluster")


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
        return Busy(f"The cluster is busy: {message}", after=_seconds(headers.get("Retry-After")))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Faulty(f"The cluster has a problem of its own: {message}")
    if status == HTTPStatus.UNAUTHORIZED:
        return Unavailable("The cluster does not accept Moorage's credentials. Check its kubeconfig.", part="cluster")
    return _refusal(status, message, told)


def _refusal(status: int, message: str, told: dict[str, Any]) -> MoorageError:
    causes = {cause.get("reason") for cause in (told.get("details") or {}).get("causes") or ()}
    if "NamespaceTerminating" in causes or "because it is being terminated" in message:
        return NamespaceTerminating("The namespace is being deleted; nothing new can be put into it.")
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(message)
    if status == HTTPStatus.NOT_FOUND:
        return NotThere(f"It is not in the cluster: {message}.")
    if status == HTTPStatus.CONFLICT and told.get("reason") == "AlreadyExists":
        return NameTaken(f"The cluster has an object of that name already: {message}.")
    return ClusterRefused(f"The cluster refuses it: {message}")


def _forbidden(message: str) -> MoorageError:
    if _OVER_QUOTA in message:
        return _quota(message)
    if "violates PodSecurity" in message:
        return PolicyViolation(f"The namespace's policy refuses it: {message.partition('violates ')[2]}")
    if "must specify" in message or "forbidden: maximum" in message or "forbidden: minimum" in message:
        return PolicyViolation(f"The namespace's limits refuse it: {message}")
    if right := _RIGHT.search(message):
        return Denied(right["missing"])
    return PolicyViolation(f"The cluster's policy refuses it: {message}")


def quota_refusal(message: str) -> QuotaExceeded | None:
    """The refusal that the quota's admission words, wherever it is quoted; None for any other text."""
    return _quota(message) if _OVER_QUOTA in message else None


def _quota(message: str) -> QuotaExceeded:
    """The first resource that does not fit: `requested: cpu=1,pods=1, used: cpu=4,pods=3, limited: cpu=4,pods=30`."""
    match = _QUOTA.search(message)
    if match is None:
        return QuotaExceeded(f"It does not fit the quota: {message}", resource="", used="", requested="", limit="")
    requested, used, limited = (_amounts(match[name]) for name in ("requested", "used", "limited"))
    resource = next(iter(requested))
    return QuotaExceeded(
        f"It does not fit the namespace's quota of {resource}: {requested[resource]} more is asked for, "
        f"{used.get(resource, '?')} of {limited.get(resource, '?')} is used. Choose a smaller size or fewer replicas.",
        resource=resource,
        used=used.get(resource, ""),
        requested=requested[resource],
        limit=limited.get(resource, ""),
    )


def _amounts(text: str) -> dict[str, str]:
    return {name: amount for name, _, amount in (part.partition("=") for part in text.split(","))}


def _status(body: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None
