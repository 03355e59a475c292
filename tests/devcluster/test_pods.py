"""What becomes of pods on the development cluster: a real control plane, and nodes that are simulated."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from prometheus_api_client import PrometheusConnect

from tests.devcluster.kubectl import Kubectl, Refused, pod
from tests.devcluster_fixture import DevCluster

pytestmark = pytest.mark.devcluster

HOLD = timedelta(seconds=120)
"""Leases of nodes that nobody renews end within a minute; then their pods are taken for lost."""
SCRAPES = timedelta(seconds=90)


async def test_a_deployment_comes_up_and_stays_up(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=registry.example/web:1", "--replicas=3")
    kubectl("rollout", "status", "deployment/web", "--timeout=60s")

    seconds = int(HOLD.total_seconds())
    ready, nodes = await asyncio.gather(
        asyncio.to_thread(kubectl.watch, "deployment/web", ".status.readyReplicas", seconds=seconds),
        asyncio.to_thread(kubectl.watch, "nodes", ".status.conditions[?(@.type=='Ready')].status", seconds=seconds),
    )

    assert {"3"} == ready
    assert {"True"} == nodes


def test_an_image_tagged_broken_is_never_pulled(kubectl: Kubectl) -> None:
    kubectl.create(pod("web", image="registry.example/web:broken"))

    kubectl.until("{.status.containerStatuses[0].state.waiting.reason}", "ImagePullBackOff", "pod/web")


def test_an_image_tagged_crash_ends_again_and_again(kubectl: Kubectl) -> None:
    kubectl.create(pod("web", image="registry.example/web:crash"))

    kubectl.until("{.status.containerStatuses[0].state.waiting.reason}", "CrashLoopBackOff", "pod/web")
    kubectl.until("{.status.containerStatuses[0].restartCount}", "2", "pod/web")

    assert "1" == kubectl(
        "get", "pod/web", "-o", "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"
    )


def test_logs_and_exec_answer(kubectl: Kubectl) -> None:
    kubectl.create(pod("web"))
    kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=60s")

    assert "simulated" in kubectl("logs", "web")
    assert "ahoy\n" == kubectl("exec", "web", "--", "echo", "ahoy")


@pytest.mark.prometheus
async def test_usage_is_what_the_pod_is_annotated_with(kubectl: Kubectl, devcluster: DevCluster) -> None:
    if devcluster.prometheus is None:
        pytest.skip("Prometheus is not installed")
    annotated = pod("web")
    annotated["metadata"]["annotations"] = {"kwok.x-k8s.io/usage-cpu": "250m", "kwok.x-k8s.io/usage-memory": "64Mi"}
    kubectl.create(annotated)
    prometheus = PrometheusConnect(devcluster.prometheus, disable_ssl=True)
    of_pod = f'{{namespace="{kubectl.namespace}",pod="web"}}'

    cpu = await scraped(prometheus, f"sum(rate(container_cpu_usage_seconds_total{of_pod}[30s])) > 0.2375")
    memory = await scraped(prometheus, f"sum(container_memory_working_set_bytes{of_pod})")

    assert pytest.approx(0.25, rel=0.05) == cpu
    assert 64 * 2**20 == memory


async def scraped(prometheus: PrometheusConnect, query: str) -> float:
    """The value, once two scrapes have made one: Prometheus tells nobody of new samples."""
    async with asyncio.timeout(SCRAPES.total_seconds()):
        while not (found := await asyncio.to_thread(prometheus.custom_query, query)):  # noqa: ASYNC110
            await asyncio.sleep(1)
    return float(found[0]["value"][1])


def test_a_pod_of_an_unknown_service_account_is_refused(kubectl: Kubectl) -> None:
    with pytest.raises(Refused, match='serviceaccount "nobody" not found'):
        kubectl.create(pod("web", serviceAccountName="nobody"))


def test_a_pod_beyond_the_quota_is_refused(kubectl: Kubectl) -> None:
    kubectl("create", "quota", "tight", "--hard=pods=1")
    kubectl.until("{.status.hard.pods}", "1", "quota/tight")
    kubectl.create(pod("first"))

    with pytest.raises(Refused, match="exceeded quota: tight"):
        kubectl.create(pod("second"))


def test_a_restricted_namespace_refuses_a_pod_that_may_be_root(kubectl: Kubectl) -> None:
    kubectl("label", "namespace", kubectl.namespace, "pod-security.kubernetes.io/enforce=restricted")

    with pytest.raises(Refused, match="violates PodSecurity"):
        kubectl.create(pod("web"))
