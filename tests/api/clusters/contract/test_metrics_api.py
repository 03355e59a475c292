"""metrics.k8s.io: what pods use, in cores and bytes."""

from __future__ import annotations

from api.clusters.cluster import Cluster
from tests.api.clusters.contract.manifests import deployment
from tests.api.servers import only_embedded
from tests.api.waiting import until


@only_embedded
async def test_the_usage_of_our_pods_is_told_in_cores_and_bytes(
    cluster: Cluster, namespace: str, ready_for_pods: None
) -> None:
    await cluster.create(deployment(namespace, replicas=2))
    await until(
        cluster, namespace, lambda: [2] == [each.status.ready_replicas for each in cluster.store.deployments(namespace)]
    )

    told = await cluster.pod_metrics()

    assert {pod.metadata.name for pod in cluster.store.pods(namespace)} == {each.pod for each in told}
    assert {namespace} == {each.namespace for each in told}
    assert all(0 < each.cpu < 8 and 2**20 < each.memory < 32 * 2**30 for each in told)


@only_embedded
async def test_the_usage_of_pods_of_others_is_left_out(cluster: Cluster, namespace: str, ready_for_pods: None) -> None:
    foreign = deployment(namespace, replicas=1)
    del foreign["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/managed-by"]
    await cluster.create(foreign)
    await until(
        cluster, namespace, lambda: [1] == [each.status.ready_replicas for each in cluster.store.deployments(namespace)]
    )

    assert [] == await cluster.pod_metrics()
