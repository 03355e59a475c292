"""Which pods a scope speaks of: by name, so that pods which have been replaced since count as well."""

from __future__ import annotations

from api.metrics.models import MetricScope

_MOST_DIGITS = 2
"""Of an ordinal: an app has 50 replicas at most."""


def scope_of_pod(namespace: str, pod: str) -> MetricScope | None:
    """The app of a pod, by the name that its controller gives it; None for a pod of none.

    `<app>-<ordinal>` is a StatefulSet's; `<app>-<hash or number>-<random>`, neither of the last two with a hyphen and
    the last of five characters, a Deployment's or a Job's.
    """
    app, _, last = pod.rpartition("-")
    if app and last.isdigit() and len(last) <= _MOST_DIGITS:
        return MetricScope(namespace, app)
    parts = pod.rsplit("-", maxsplit=2)
    return MetricScope(namespace, parts[0]) if len(parts) == 3 else None  # noqa: PLR2004 - app, hash and random


def scopes_of_pod(namespace: str, pod: str) -> tuple[MetricScope, ...]:
    """Every scope that the pod counts in: its namespace, and its app."""
    app = scope_of_pod(namespace, pod)
    whole = MetricScope(namespace)
    return (whole,) if app is None else (whole, app)
