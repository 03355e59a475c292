"""StatefulSets: a name and a disk for each replica, in order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import Obj, container, quota

CLAIM: Obj = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
MOUNTED = {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}


def stateful_set(image: str = "ghcr.io/example/db:1", *, replicas: int = 2, **spec: Any) -> Obj:
    labels = {"app": "db"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container(image, **MOUNTED)]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db"},
        "spec": {
            "replicas": replicas,
            "serviceName": "db",
            "selector": {"matchLabels": labels},
            "template": template,
            "volumeClaimTemplates": [CLAIM],
            **spec,
        },
    }


@pytest.fixture
def sets(namespace: Namespace) -> str:
    return f"/apis/apps/v1/namespaces/{namespace.name}/statefulsets"


@pytest.fixture
def claims(namespace: Namespace) -> str:
    return f"{namespace.core}/persistentvolumeclaims"


def is_rolled_out(obj: Obj, replicas: int) -> bool:
    status = obj["status"]
    is_current = status.get("currentRevision") == status.get("updateRevision")
    seen = status.get("observedGeneration") == obj["metadata"]["generation"]
    return bool(seen and is_current and replicas == status["replicas"] == status.get("readyReplicas", 0))


async def names(client: Client, collection: str) -> list[str]:
    return sorted(each["metadata"]["name"] for each in (await client.get(collection)).body["items"])


async def test_each_replica_has_a_name_and_a_bound_claim(
    client: Client, namespace: Namespace, sets: str, claims: str
) -> None:
    await client.post(sets, stateful_set())
    await client.until(sets, "db", lambda obj: is_rolled_out(obj, 2))

    pod = (await client.get(f"{namespace.pods}/db-1")).body
    claim = (await client.get(f"{claims}/data-db-1")).body

    assert ["db-0", "db-1"] == await names(client, namespace.pods)
    assert {"claimName": "data-db-1"} == pod["spec"]["volumes"][0]["persistentVolumeClaim"]
    assert ("db-1", "db") == (pod["spec"]["hostname"], pod["spec"]["subdomain"])
    assert ("Bound", "standard") == (claim["status"]["phase"], claim["spec"]["storageClassName"])


async def test_one_after_the_other_comes_up_unless_they_may_all_at_once(
    client: Client, namespace: Namespace, sets: str
) -> None:
    """The first never does: there is no second."""
    await client.post(sets, stateful_set("ghcr.io/example/db:broken"))
    stuck = "ImagePullBackOff"
    await client.until(namespace.pods, "db-0", lambda pod: stuck in str(pod["status"]))
    in_order = await names(client, namespace.pods)

    await client.delete(f"{sets}/db")
    await client.until_gone(namespace.pods)
    await client.post(sets, stateful_set("ghcr.io/example/db:broken", podManagementPolicy="Parallel"))
    await client.until(namespace.pods, "db-1", lambda pod: stuck in str(pod["status"]))

    assert ["db-0"] == in_order


async def test_the_last_goes_first_and_leaves_its_claim(
    client: Client, namespace: Namespace, sets: str, claims: str
) -> None:
    await client.post(sets, stateful_set(replicas=3))
    await client.until(sets, "db", lambda obj: is_rolled_out(obj, 3))

    await client.patch(f"{sets}/db", {"spec": {"replicas": 1}})
    await client.until(sets, "db", lambda obj: is_rolled_out(obj, 1))

    assert ["db-0"] == await names(client, namespace.pods)
    assert ["data-db-0", "data-db-1", "data-db-2"] == await names(client, claims)


async def test_pods_of_another_template_are_replaced_under_their_names(
    client: Client, namespace: Namespace, sets: str
) -> None:
    await client.post(sets, stateful_set())
    before = await client.until(sets, "db", lambda obj: is_rolled_out(obj, 2))

    changed = {"spec": {"template": {"spec": {"containers": [container("ghcr.io/example/db:2", **MOUNTED)]}}}}
    await client.patch(f"{sets}/db", changed)
    after = await client.until(sets, "db", lambda obj: is_rolled_out(obj, 2))

    pods = (await client.get(namespace.pods)).body["items"]
    assert before["status"]["currentRevision"] != after["status"]["currentRevision"]
    assert {"ghcr.io/example/db:2"} == {pod["spec"]["containers"][0]["image"] for pod in pods}


async def test_a_pod_that_is_refused_is_told_of_and_tried_again(
    client: Client, namespace: Namespace, sets: str
) -> None:
    await client.post(f"{namespace.core}/resourcequotas", quota(pods="0"))
    await client.until(f"{namespace.core}/resourcequotas", "compute", lambda each: bool(each["status"].get("hard")))
    await client.post(sets, stateful_set(replicas=1))

    (told,) = await client.until_some(namespace.events, bool, fieldSelector="reason=FailedCreate")
    await client.delete(f"{namespace.core}/resourcequotas/compute")
    await client.until(sets, "db", lambda obj: is_rolled_out(obj, 1))

    assert 'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden' in told["message"]


async def test_what_its_claims_are_cannot_be_changed(client: Client, sets: str) -> None:
    await client.post(sets, stateful_set(replicas=0))

    larger = {**CLAIM, "spec": {**CLAIM["spec"], "resources": {"requests": {"storage": "2Gi"}}}}

    refused = await client.patch(f"{sets}/db", {"spec": {"volumeClaimTemplates": [larger]}})

    assert 422 == refused.status
    assert [("spec.volumeClaimTemplates", "FieldValueInvalid")] == refused.causes
