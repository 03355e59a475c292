"""The Store: what the cluster tells is known in order, soon after it happened, and without asking."""

from __future__ import annotations

from uuid import UUID, uuid4

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from tests.api.clusters.contract.manifests import (
    WORKLOAD,
    deployment,
    namespace_object,
    quota,
    secret,
    service,
)
from tests.api.clusters.embedded.client import Client
from tests.api.clusters.subscribers import was_told
from tests.api.proxy import FaultyProxy
from tests.api.waiting import PATIENCE, until


async def seen(cluster: Cluster, kind: Kind, version: str) -> bool:
    return await cluster.wait_until_seen(kind, version, timeout=PATIENCE)


async def test_what_was_created_changed_and_deleted_is_known_in_that_order(cluster: Cluster, namespace: str) -> None:
    created = (await cluster.create(deployment(namespace))).object["metadata"]["resourceVersion"]
    assert await seen(cluster, Kind.DEPLOYMENT, created)
    first = cluster.store.deployment(namespace, "web")
    changed = (await cluster.apply(deployment(namespace, A="1"))).object["metadata"]["resourceVersion"]
    assert await seen(cluster, Kind.DEPLOYMENT, changed)
    second = cluster.store.deployment(namespace, "web")
    await cluster.delete(Kind.DEPLOYMENT, namespace, "web")
    await until(cluster, namespace, lambda: cluster.store.deployment(namespace, "web") is None)

    assert first is not None
    assert second is not None
    assert first.metadata.uid == second.metadata.uid
    assert int(first.metadata.resource_version) < int(second.metadata.resource_version)


async def test_a_write_of_ones_own_is_read_once_it_was_waited_for(cluster: Cluster, namespace: str) -> None:
    for number in range(5):
        written = (await cluster.apply(deployment(namespace, A=str(number)))).object["metadata"]
        assert await seen(cluster, Kind.DEPLOYMENT, written["resourceVersion"])

        known = cluster.store.deployment(namespace, "web")
        assert known is not None
        assert int(written["resourceVersion"]) <= int(known.metadata.resource_version)
        assert written["generation"] == known.metadata.generation


async def test_a_version_that_does_not_come_is_not_waited_for_longer_than_asked(cluster: Cluster) -> None:
    assert await cluster.wait_until_seen(Kind.DEPLOYMENT, str(2**62), timeout=0.05) is False


async def test_what_others_made_is_not_kept(cluster: Cluster, namespace: str, somebody: Client) -> None:
    foreign = deployment(namespace, "theirs")
    foreign["metadata"]["labels"] = {}
    await somebody.post(f"/apis/apps/v1/namespaces/{namespace}/deployments", foreign)
    ours = (await cluster.create(deployment(namespace, "ours"))).object["metadata"]["resourceVersion"]

    assert await seen(cluster, Kind.DEPLOYMENT, ours)

    assert ["ours"] == [each.metadata.name for each in cluster.store.deployments(namespace)]


async def test_what_ceases_to_be_ours_is_forgotten(cluster: Cluster, namespace: str, somebody: Client) -> None:
    created = (await cluster.create(deployment(namespace))).object["metadata"]["resourceVersion"]
    assert await seen(cluster, Kind.DEPLOYMENT, created)

    disowned = {"metadata": {"labels": {"app.kubernetes.io/managed-by": None}}}
    await somebody.patch(f"/apis/apps/v1/namespaces/{namespace}/deployments/web", disowned)

    await until(cluster, namespace, lambda: not cluster.store.deployments(namespace))


async def test_pods_are_known_by_the_app_that_owns_them(cluster: Cluster, namespace: str, ready_for_pods: None) -> None:
    """The template hands the app's label on, from the Deployment through its ReplicaSet."""
    other = UUID(int=7)
    await cluster.create(deployment(namespace, "web", replicas=2))
    await cluster.create(deployment(namespace, "api", replicas=1, workload=other))

    await until(cluster, namespace, lambda: len(cluster.store.pods(namespace)) == 3)

    names = {each.metadata.name.split("-")[0] for each in cluster.store.pods(namespace, WORKLOAD)}
    assert ({"web"}, 2) == (names, len(cluster.store.pods(namespace, WORKLOAD)))
    assert 1 == len(cluster.store.pods(namespace, other))


async def test_a_rollout_is_followed_until_all_pods_are_ready(
    cluster: Cluster, namespace: str, ready_for_pods: None
) -> None:
    def ready() -> int:
        found = cluster.store.deployment(namespace, "web")
        return found.status.ready_replicas if found is not None else 0

    await cluster.create(deployment(namespace, replicas=2))

    await until(cluster, namespace, lambda: ready() == 2)

    rolled = cluster.store.deployment(namespace, "web")
    assert rolled is not None
    assert rolled.status.observed_generation == rolled.metadata.generation
    assert {"True"} == {each.status for each in rolled.status.conditions if each.type == "Available"}
    running = [status for pod in cluster.store.pods(namespace) for status in pod.status.container_statuses]
    assert [True, True] == [status.ready and status.state.running is not None for status in running]


async def test_events_of_our_namespaces_are_known(cluster: Cluster, namespace: str, ready_for_pods: None) -> None:
    await cluster.create(deployment(namespace, replicas=1))

    def reasons() -> set[str | None]:
        return {event.reason for event in cluster.store.events(namespace)}

    await until(cluster, namespace, lambda: reasons() >= {"ScalingReplicaSet", "SuccessfulCreate", "Scheduled"})


async def test_events_of_other_namespaces_are_not_kept(cluster: Cluster, somebody: Client) -> None:
    name = f"foreign-{uuid4().hex[:8]}"
    await somebody.post("/api/v1/namespaces", {"metadata": {"name": name}})
    told = {"kind": "Pod", "namespace": name, "name": "web"}
    event = {"metadata": {"name": "told"}, "involvedObject": told, "reason": "Told", "type": "Normal"}
    answer = await somebody.post(f"/api/v1/namespaces/{name}/events", event)

    assert await seen(cluster, Kind.EVENT, answer.body["metadata"]["resourceVersion"])

    assert [] == cluster.store.events(name)
    await somebody.delete(f"/api/v1/namespaces/{name}")


async def test_the_quota_tells_what_is_used(cluster: Cluster, namespace: str) -> None:
    await cluster.create(quota(namespace, services="5"))
    await until(cluster, namespace, lambda: any(each.status.hard for each in cluster.store.resource_quotas(namespace)))

    await cluster.create(service(namespace))

    await until(
        cluster,
        namespace,
        lambda: [{"services": "1"}] == [each.status.used for each in cluster.store.resource_quotas(namespace)],
    )


async def test_a_namespace_is_known_until_it_is_gone(cluster: Cluster) -> None:
    name = f"contract-{uuid4().hex[:8]}"
    created = (await cluster.create(namespace_object(name))).object["metadata"]["resourceVersion"]
    assert await seen(cluster, Kind.NAMESPACE, created)
    assert cluster.store.namespace(name) is not None

    await cluster.delete(Kind.NAMESPACE, None, name)

    await until(cluster, name, lambda: cluster.store.namespace(name) is None)


async def test_a_change_of_one_app_does_not_wake_who_follows_another(cluster: Cluster, namespace: str) -> None:
    other = UUID(int=7)
    with (
        cluster.store.subscribe(namespace, other) as theirs,
        cluster.store.subscribe(namespace, WORKLOAD) as ours,
    ):
        created = (await cluster.create(deployment(namespace))).object["metadata"]["resourceVersion"]
        assert await seen(cluster, Kind.DEPLOYMENT, created)

        assert (False, True) == (await was_told(theirs), await was_told(ours))


async def test_of_secrets_the_metadata_alone_is_listed_and_watched(
    cluster: Cluster, namespace: str, proxy: FaultyProxy
) -> None:
    await cluster.create(secret(namespace, "hunter2"))
    written = (await cluster.create(deployment(namespace))).object["metadata"]["resourceVersion"]
    assert await seen(cluster, Kind.DEPLOYMENT, written)

    read = [seen for seen in proxy.seen if seen.method == "GET" and "secrets" in seen.path]
    assert {True} == {"as=PartialObjectMetadata" in seen.accept for seen in read}


async def test_the_version_is_that_of_the_cluster(cluster: Cluster, somebody: Client) -> None:
    told = (await somebody.get("/version")).body["gitVersion"]

    assert told == cluster.version
