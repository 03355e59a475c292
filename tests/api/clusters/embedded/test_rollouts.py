"""Deployments: coming up, rolling over, being scaled, paused, taken back and failing."""

from __future__ import annotations

from typing import Any

from tests.api.clusters.embedded.client import STRATEGIC, Client, Obj
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import condition, deployment

REVISION = "deployment.kubernetes.io/revision"


def is_complete(obj: Obj) -> bool:
    status, wanted = obj["status"], obj["spec"]["replicas"]
    counts = (status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas"))
    current = status.get("observedGeneration") == obj["metadata"]["generation"]
    return current and all(count == wanted for count in counts)


async def roll_out(client: Client, namespace: Namespace, **more: Any) -> Obj:
    created = await client.post(namespace.deployments, deployment(**more))
    assert created.status == 201
    return await client.until(namespace.deployments, "web", is_complete)


def image_patch(image: str) -> Obj:
    return {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}}


async def test_a_deployment_comes_up_available(client: Client, namespace: Namespace) -> None:
    up = await roll_out(client, namespace)

    assert ("True", "MinimumReplicasAvailable") == tuple(
        condition(up, "Available")[key] for key in ("status", "reason")
    )
    assert condition(up, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert up["metadata"]["annotations"][REVISION] == "1"


async def test_pods_carry_the_hash_of_their_template_and_their_owner(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace)

    [replica_set] = (await client.get(namespace.replica_sets)).body["items"]
    pods = (await client.get(namespace.pods)).body["items"]

    hashes = {each["metadata"]["labels"]["pod-template-hash"] for each in pods}
    owners = {each["metadata"]["ownerReferences"][0]["uid"] for each in pods}
    assert {replica_set["metadata"]["labels"]["pod-template-hash"]} == hashes
    assert {replica_set["metadata"]["uid"]} == owners


async def test_a_rolling_update_stays_within_surge_and_unavailability(client: Client, namespace: Namespace) -> None:
    """With four replicas and 25% each, there are never more than five pods, nor fewer than three available."""
    first = await roll_out(client, namespace, replicas=4)
    await client.patch(f"{namespace.deployments}/web", image_patch("ghcr.io/example/web:2"), STRATEGIC)
    seen: list[Obj] = []

    def is_done(obj: Obj) -> bool:
        seen.append(obj["status"])
        return is_complete(obj) and obj["metadata"]["generation"] > first["metadata"]["generation"]

    done = await client.until(namespace.deployments, "web", is_done)

    assert max(status["replicas"] for status in seen) == 5
    assert min(status.get("availableReplicas", 0) for status in seen) >= 3
    assert done["metadata"]["annotations"][REVISION] == "2"


async def test_recreate_removes_the_old_pods_before_it_starts_new_ones(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=2, strategy={"type": "Recreate"})
    listed = (await client.get(namespace.pods)).body
    old = {pod["metadata"]["uid"] for pod in listed["items"]}

    await client.patch(f"{namespace.deployments}/web", image_patch("ghcr.io/example/web:2"), STRATEGIC)
    present, together = set(old), False
    async for event in client.watch(namespace.pods, resourceVersion=listed["metadata"]["resourceVersion"]):
        uid = event["object"]["metadata"]["uid"]
        present = present - {uid} if event["type"] == "DELETED" else present | {uid}
        together |= bool(present & old) and bool(present - old)
        if len(present - old) == 2:
            break

    assert not together


async def test_scaling_creates_and_removes_pods_without_a_new_revision(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=1)

    scaled = await client.patch(f"{namespace.deployments}/web/scale", {"spec": {"replicas": 4}})
    assert scaled.body["spec"] == {"replicas": 4}
    grown = await client.until(namespace.deployments, "web", is_complete)
    await client.patch(f"{namespace.deployments}/web/scale", {"spec": {"replicas": 0}})
    await client.until_gone(namespace.pods)

    assert grown["metadata"]["annotations"][REVISION] == "1"
    assert len((await client.get(namespace.replica_sets)).body["items"]) == 1


async def test_a_paused_deployment_does_not_roll_out_until_it_is_resumed(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=1)
    await client.patch(f"{namespace.deployments}/web", {"spec": {"paused": True}})
    await client.patch(f"{namespace.deployments}/web", image_patch("ghcr.io/example/web:2"), STRATEGIC)

    paused = await client.until(
        namespace.deployments, "web", lambda obj: obj["status"]["observedGeneration"] == obj["metadata"]["generation"]
    )
    sets = (await client.get(namespace.replica_sets)).body["items"]
    await client.patch(f"{namespace.deployments}/web", {"spec": {"paused": None}})
    resumed = await client.until(namespace.deployments, "web", is_complete)

    assert condition(paused, "Progressing")["reason"] == "DeploymentPaused"
    assert len(sets) == 1
    assert resumed["metadata"]["annotations"][REVISION] == "2"


async def test_going_back_to_an_old_template_reuses_its_replica_set_under_a_new_revision(
    client: Client, namespace: Namespace
) -> None:
    await roll_out(client, namespace, replicas=1)
    for image in ("ghcr.io/example/web:2", "ghcr.io/example/web:1"):
        await client.patch(f"{namespace.deployments}/web", image_patch(image), STRATEGIC)
        back = await client.until(namespace.deployments, "web", is_complete)

    sets = (await client.get(namespace.replica_sets)).body["items"]
    revisions = {each["spec"]["replicas"]: each["metadata"]["annotations"][REVISION] for each in sets}
    assert back["metadata"]["annotations"][REVISION] == "3"
    assert revisions == {1: "3", 0: "2"}


async def test_a_restart_annotation_replaces_every_pod(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=2)
    before = {pod["metadata"]["uid"] for pod in (await client.get(namespace.pods)).body["items"]}

    annotation = {"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"}
    template = {"metadata": {"annotations": annotation}}
    await client.patch(f"{namespace.deployments}/web", {"spec": {"template": template}})

    await client.until_some(
        namespace.pods, lambda pods: len(pods) == 2 and not before & {pod["metadata"]["uid"] for pod in pods}
    )


async def test_only_as_many_old_replica_sets_are_kept_as_asked_for(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=1, revisionHistoryLimit=1)
    for tag in ("2", "3", "4"):
        await client.patch(f"{namespace.deployments}/web", image_patch(f"ghcr.io/example/web:{tag}"), STRATEGIC)
        await client.until(namespace.deployments, "web", is_complete)

    kept = await client.until_some(namespace.replica_sets, lambda sets: len(sets) == 2)

    assert {"3", "4"} == {each["metadata"]["annotations"][REVISION] for each in kept}


async def test_a_rollout_without_progress_exceeds_its_deadline(client: Client, namespace: Namespace) -> None:
    created = await client.post(
        namespace.deployments, deployment(image="ghcr.io/example/web:broken", replicas=1, progressDeadlineSeconds=10)
    )
    assert created.status == 201

    failed = await client.until(
        namespace.deployments, "web", lambda obj: condition(obj, "Progressing").get("status") == "False"
    )

    assert condition(failed, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert condition(failed, "Available")["status"] == "False"


async def test_a_broken_update_leaves_the_old_pods_serving(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=3)

    await client.patch(f"{namespace.deployments}/web", image_patch("ghcr.io/example/web:broken"), STRATEGIC)
    stuck = await client.until(
        namespace.deployments, "web", lambda obj: obj["status"].get("unavailableReplicas", 0) > 0
    )

    assert stuck["status"]["availableReplicas"] == 3
    assert condition(stuck, "Available")["status"] == "True"


async def test_scaling_is_told_in_events(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=2)

    [event] = (await client.get(namespace.events, fieldSelector="reason=ScalingReplicaSet")).body["items"]

    [replica_set] = (await client.get(namespace.replica_sets)).body["items"]
    assert event["message"] == f"Scaled up replica set {replica_set['metadata']['name']} from 0 to 2"
    assert ("Deployment", "web") == (event["involvedObject"]["kind"], event["involvedObject"]["name"])


async def test_deleting_a_deployment_takes_its_replica_sets_and_pods_along(
    client: Client, namespace: Namespace
) -> None:
    await roll_out(client, namespace)

    deleted = await client.delete(f"{namespace.deployments}/web")

    assert deleted.body["status"] == "Success"
    await client.until_gone(namespace.pods)
    await client.until_gone(namespace.replica_sets)


async def test_an_orphaning_deletion_leaves_the_replica_sets(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=1)

    await client.delete(f"{namespace.deployments}/web", {"propagationPolicy": "Orphan"})
    await client.until_gone(namespace.deployments)

    [left] = (await client.get(namespace.replica_sets)).body["items"]
    assert "ownerReferences" not in left["metadata"]


async def test_a_foreground_deletion_removes_the_owner_last(client: Client, namespace: Namespace) -> None:
    await roll_out(client, namespace, replicas=1)

    marked = await client.delete(f"{namespace.deployments}/web", {"propagationPolicy": "Foreground"})
    await client.until_gone(namespace.deployments)

    assert marked.body["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert (await client.get(namespace.replica_sets)).body["items"] == []
