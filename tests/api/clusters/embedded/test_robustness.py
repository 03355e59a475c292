"""Whatever is sent, the answer is a refusal or a success, and the controllers go on."""

from __future__ import annotations

import copy
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.clusters.embedded.client import APPLY, MERGE, STRATEGIC, Client, Obj
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import RESTRICTED, condition, deployment, job, pod, quota

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**20, "", "A_B", "99999", "1Gi", "25%", "é" * 300),
    *([], {}, [None], [[]], [{}], ["x"], {"a": None}, {"": ""}, {"name": 5}),
)
ROUNDS = 600

CONTAINER: Obj = {
    "env": [{"name": "A", "value": "1"}, {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
    "ports": [{"containerPort": 80, "name": "http"}],
    "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "100m"}},
    "readinessProbe": {"httpGet": {"path": "/", "port": 80}},
    "securityContext": RESTRICTED,
}


def bodies(namespace: Namespace) -> list[tuple[str, Obj]]:
    """Collections, and an object named `odd` for each."""
    service = {"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 80, "targetPort": "http"}]}
    limits = {"limits": [{"type": "Container", "max": {"cpu": "100"}, "default": {"cpu": "1"}}]}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}
    found: list[tuple[str, Obj]] = [
        (namespace.deployments, deployment("odd", replicas=1, more=CONTAINER, strategy=rolling)),
        (namespace.pods, pod("odd", more=CONTAINER, volumes=[{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}])),
        (namespace.jobs, job(backoffLimit=1)),
        (f"{namespace.core}/services", {"spec": service}),
        (f"{namespace.core}/resourcequotas", quota(pods="1000")),
        (f"{namespace.core}/limitranges", {"spec": limits}),
        (f"{namespace.core}/secrets", {"stringData": {"a": "b"}, "data": {"c": "ZA=="}}),
        (f"{namespace.core}/persistentvolumeclaims", {"spec": claim}),
    ]
    return [(path, {**body, "metadata": {"name": "odd", "labels": {"a": "b"}}}) for path, body in found]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each part of a value."""
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from places(part, (*path, step))


def spoil(body: Obj, chance: random.Random) -> Obj:
    """A copy in which something is odd."""
    spoilt = copy.deepcopy(body)
    *steps, last = chance.choice(list(places(spoilt)))
    target: Any = spoilt
    for step in steps:
        target = target[step]
    target[last] = copy.deepcopy(chance.choice(ODD))
    return spoilt


@pytest.mark.parametrize("seed", range(3))
async def test_odd_bodies_break_nothing(
    client: Client, namespace: Namespace, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(seed)
    cases = bodies(namespace)

    with caplog.at_level(logging.ERROR):
        for _ in range(ROUNDS):
            path, body = chance.choice(cases)
            method, target, content_type = chance.choice(
                [
                    ("POST", path, "application/json"),
                    ("PATCH", f"{path}/odd", MERGE),
                    ("PATCH", f"{path}/odd", STRATEGIC),
                    ("PATCH", f"{path}/odd?fieldManager=odd&force=true", APPLY),
                ]
            )
            answer = await client.send(method, target, spoil(body, chance), content_type=content_type)
            assert answer.body.get("reason") != "InternalError", (method, target, answer.body)
        await client.post(namespace.pods, pod("even"))
        await client.until(namespace.pods, "even", lambda obj: bool(condition(obj, "PodScheduled")))

    assert [record.getMessage() for record in caplog.records] == []
