"""Each diagnosis made to happen: on the embedded cluster, and on a real control plane.

Nodes are simulated on both. What neither can bring about by itself (memory, probes, a volume) is written into the
pod's status, and reported, as a kubelet does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.manifests.pods import secret_name
from api.workloads.diagnosis.models import (
    CrashLoop,
    ImagePullCause,
    ImagePullFailure,
    MissingReference,
    OutOfMemory,
    PolicyRefusal,
    PortMismatch,
    ProbeFailure,
    ProbeName,
    QuotaExhausted,
    Unschedulable,
)
from api.workloads.models import Workload, WorkloadPhase
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.api.workloads.diagnosis.ward import ONE, PATIENCE, Ward, a_while_ago, is_a, now


async def test_an_image_that_is_not_there(apps: Apps, ward: Ward) -> None:
    await apps.deploy(replace(ONE, image="registry.example/web:broken"))

    found = await ward.diagnosis(is_a(ImagePullFailure))

    assert isinstance(found, ImagePullFailure)
    assert ImagePullCause.NOT_FOUND == found.cause
    assert "registry.example/web:broken" in found.image


async def test_an_app_that_crashes_quotes_the_log_of_the_run_that_ended(apps: Apps, ward: Ward) -> None:
    await apps.deploy(replace(ONE, image="registry.example/web:crash"))

    found = await ward.diagnosis(lambda found: isinstance(found, CrashLoop) and bool(found.restarts))

    assert isinstance(found, CrashLoop)
    assert 1 == found.exit_code
    assert found.last_lines


@only_embedded
async def test_a_rollout_that_fails_offers_the_latest_revision_of_the_pods_that_serve(apps: Apps, ward: Ward) -> None:
    """A scaling made a revision and no other pods: going back does not undo it."""
    await apps.deploy_until_ready(ONE)
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    await apps.reach("web", WorkloadPhase.READY, revision=2)
    await apps.deploy(replace(ONE, replicas=2, image="registry.example/web:crash"))

    found = await ward.diagnosis(is_a(CrashLoop))

    assert 2 == found.rollback_revision


@only_embedded
async def test_an_image_that_wants_to_run_as_root(apps: Apps, ward: Ward) -> None:
    await apps.deploy(replace(ONE, image="nginx:1.29"))

    found = await ward.diagnosis(is_a(PolicyRefusal))

    assert found.fix is not None
    assert ("workload", "run_as_user") == found.fix.path


@only_embedded
async def test_a_secret_that_somebody_deleted(apps: Apps, ward: Ward, somebody: Client) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    deleted = await somebody.delete(f"{ward.path}/secrets/{secret_name(SECRETIVE.name)}")
    assert 200 == deleted.status, deleted.body

    await ward.replace_pod()
    found = await ward.diagnosis(is_a(MissingReference))

    assert isinstance(found, MissingReference)
    assert f"Secret {secret_name(SECRETIVE.name)}" == found.reference


@pytest.mark.usefixtures("web")
async def test_a_quota_that_has_no_room_any_more(ward: Ward, cluster: Cluster, apps: Apps) -> None:
    quota = cluster.store.resource_quotas(apps.namespace.slug)[0].metadata.name
    await ward.patch(f"{ward.path}/resourcequotas/{quota}", {"spec": {"hard": {"pods": "0"}}})

    await ward.replace_pod()
    found = await ward.diagnosis(is_a(QuotaExhausted))

    assert isinstance(found, QuotaExhausted)
    assert ("pods", "0") == (found.resource, found.limit)


@pytest.mark.usefixtures("web")
async def test_limits_that_the_pods_break(ward: Ward, somebody: Client) -> None:
    limits = {"limits": [{"type": "Container", "max": {"memory": "1Mi"}}]}
    answer = await somebody.post(f"{ward.path}/limitranges", {"metadata": {"name": "tiny"}, "spec": limits})
    assert 201 == answer.status, answer.body

    await ward.replace_pod()
    found = await ward.diagnosis(is_a(PolicyRefusal))

    assert "maximum memory usage" in found.evidence[0].message


@pytest.mark.usefixtures("web")
async def test_nodes_that_take_no_pods(ward: Ward, somebody: Client) -> None:
    async with _cordoned(somebody):
        await ward.replace_pod()
        found = await ward.diagnosis(is_a(Unschedulable))

    assert "unschedulable" in found.evidence[0].message


@pytest.mark.usefixtures("web")
async def test_an_app_that_runs_out_of_memory(ward: Ward) -> None:
    ended = {"exitCode": 137, "reason": "OOMKilled", "startedAt": now(), "finishedAt": now()}
    back_off = {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container"}

    await ward.report({"state": {"waiting": back_off}, "lastState": {"terminated": ended}})
    found = await ward.diagnosis(is_a(OutOfMemory))

    assert found.fix is not None
    assert '"M"' == found.fix.value


@pytest.mark.usefixtures("web")
async def test_an_app_that_listens_on_another_port(ward: Ward) -> None:
    refused = "Readiness probe failed: dial tcp 10.0.0.7:8080: connect: connection refused"

    await ward.report(
        {"state": {"running": {"startedAt": a_while_ago()}}}, reason="Unhealthy", message=refused, count=3
    )
    found = await ward.diagnosis(is_a(PortMismatch))

    assert isinstance(found, PortMismatch)
    assert 8080 == found.port


@pytest.mark.usefixtures("web")
async def test_an_app_that_fails_its_readiness_probe(ward: Ward) -> None:
    said = "Readiness probe failed: HTTP probe failed with statuscode: 503"

    await ward.report({"state": {"running": {"startedAt": a_while_ago()}}}, reason="Unhealthy", message=said, count=3)
    found = await ward.diagnosis(is_a(ProbeFailure))

    assert isinstance(found, ProbeFailure)
    assert ProbeName.READINESS == found.probe


@pytest.mark.usefixtures("web")
async def test_an_app_that_is_ended_for_its_liveness_probe(ward: Ward) -> None:
    ended = {"exitCode": 137, "reason": "Error", "startedAt": now(), "finishedAt": now()}
    container = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": ended}}
    said = "Container app failed liveness probe, will be restarted"

    await ward.report(container, reason="Killing", message=said)
    found = await ward.diagnosis(is_a(ProbeFailure))

    assert isinstance(found, ProbeFailure)
    assert ProbeName.LIVENESS == found.probe


@pytest.mark.usefixtures("web")
async def test_a_diagnosis_that_only_an_event_tells_reaches_the_stream(ward: Ward, apps: Apps) -> None:
    said = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    await ward.report({"state": {"running": {"startedAt": a_while_ago()}}})
    await apps.reach("web", WorkloadPhase.FAILED)
    updates = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")

    async with asyncio.timeout(PATIENCE), aclosing(updates):
        before = (await anext(updates)).workload
        await ward.tell("Unhealthy", said, count=3)
        after = (await anext(updates)).workload

    assert before is not None
    assert after is not None
    assert isinstance(await apps.workloads.diagnose(after), ProbeFailure)


async def test_an_app_that_is_up_has_nothing_to_diagnose(apps: Apps, web: Workload) -> None:
    assert await apps.workloads.diagnose(web) is None


@asynccontextmanager
async def _cordoned(somebody: Client) -> AsyncIterator[None]:
    """No node takes pods while the context lasts."""
    nodes = [node["metadata"]["name"] for node in (await somebody.get("/api/v1/nodes")).body["items"]]
    for node in nodes:
        await somebody.patch(f"/api/v1/nodes/{node}", {"spec": {"unschedulable": True}})
    try:
        yield
    finally:
        for node in nodes:
            await somebody.patch(f"/api/v1/nodes/{node}", {"spec": {"unschedulable": None}})
