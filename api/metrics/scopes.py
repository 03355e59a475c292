"""Which pods a scope speaks of: by name, so that pods which have been replaced since count as well."""

from __future__ import annotations

from api.metrics.models import MetricScope


def scope_of_pod(namespace: str, pod: str) -> MetricScope | None:
    """The app of a pod, by the name that a Deployment gives it: `<app>-<ReplicaSet's hash>-<random>`, neither of the
    last two with a hyphen. None for a pod of another kind."""
    parts = pod.rsplit("-", maxsplit=2)
    return MetricScope(namespace, parts[0]) if len(parts) == 3 else None  # noqa: PLR2004 - app, hash and random


def scopes_of_pod(namespace: str, pod: str) -> tuple[MetricScope, ...]:
    """Every scope that the pod counts in: its namespace, and its app."""
    app = scope_of_pod(namespace, pod)
    whole = MetricScope(namespace)
    return (whole,) if app is None else (whole, app)
