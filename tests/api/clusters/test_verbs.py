"""Requests are counted by verb and kind, and by no name."""

from __future__ import annotations

import pytest

from api.clusters.connection import path
from api.clusters.metrics_api import METRICS_PATH
from api.clusters.objects import Kind
from api.clusters.verbs import named

JSON = "application/json"
APPLY = "application/apply-patch+yaml"


@pytest.mark.parametrize(
    ("method", "target", "query", "content_type", "expected"),
    [
        ("GET", path(Kind.POD), {"limit": "500"}, JSON, ("list", "Pod")),
        ("GET", path(Kind.POD, "team-x1"), {"watch": "1"}, JSON, ("watch", "Pod")),
        ("GET", path(Kind.POD, "team-x1", "web-1", "log"), {}, JSON, ("get", "Pod/log")),
        ("GET", path(Kind.NAMESPACE), {}, JSON, ("list", "Namespace")),
        ("GET", path(Kind.NAMESPACE, None, "team-x1"), {}, JSON, ("get", "Namespace")),
        ("POST", path(Kind.DEPLOYMENT, "team-x1"), {}, JSON, ("create", "Deployment")),
        ("PATCH", path(Kind.DEPLOYMENT, "team-x1", "web"), {}, APPLY, ("apply", "Deployment")),
        ("PATCH", path(Kind.DEPLOYMENT, "team-x1", "web"), {}, "application/json-patch+json", ("patch", "Deployment")),
        ("PUT", path(Kind.LEASE, "moorage-system", "reconciler"), {}, JSON, ("update", "Lease")),
        ("DELETE", path(Kind.GATEWAY, "team-x1", "web"), {}, JSON, ("delete", "Gateway")),
        ("GET", METRICS_PATH, {}, JSON, ("list", "PodMetrics")),
        ("GET", "/version", {}, JSON, ("get", "discovery")),
        ("GET", "/apis/apps/v1", {}, JSON, ("get", "discovery")),
        ("GET", "/apis/cert-manager.io", {}, JSON, ("get", "discovery")),
        ("GET", "/apis/example.com/v1/widgets/hunter2/status", {}, JSON, ("get", "other")),
    ],
)
def test_a_request_is_named(
    method: str, target: str, query: dict[str, str], content_type: str, expected: tuple[str, str]
) -> None:
    assert expected == named(method, target, query, content_type)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_known(kind: Kind) -> None:
    assert ("get", kind.kind) == named("GET", path(kind, "team-x1", "web"), {}, JSON)
