"""What a container is given: its files, the credentials of its image, and resources of its own."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.errors import InvalidInputs, QuotaExceeded
from api.manifests.models import ChangeAction, ConfigFile, RegistryCredentials, Resources, SecretFile
from api.workloads.diagnosis.models import ImagePullCause, ImagePullFailure
from api.workloads.models import FindingSeverity, WorkloadPhase
from tests.api.servers import only_embedded
from tests.api.workloads.apps import CANARY, WEB, Apps

ONE = replace(WEB, replicas=1)
FILED = replace(ONE, files=(ConfigFile("/etc/web.conf", "a = 1\n"),), secret_files=(SecretFile("/etc/key", CANARY),))
PRIVATE = replace(ONE, registry_credentials=RegistryCredentials("ada", CANARY))


async def secrets(cluster: Cluster, apps: Apps) -> dict[str, dict[str, str]]:
    """The app's Secrets by name, decoded."""
    found = await cluster.list(Kind.SECRET, apps.namespace.slug, label_selector=WORKLOAD_ID)
    return {
        each["metadata"]["name"]: {key: base64.b64decode(text).decode() for key, text in each["data"].items()}
        for each in found
    }


async def config(cluster: Cluster, apps: Apps) -> list[dict[str, str]]:
    found = await cluster.list(Kind.CONFIG_MAP, apps.namespace.slug, label_selector=WORKLOAD_ID)
    return [each["data"] for each in found]


async def test_another_content_of_a_file_replaces_the_pods_and_the_plan_shows_it(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy_until_ready(FILED)
    before = {pod.uid for pod in await apps.pods()}
    changed = replace(FILED, files=(ConfigFile("/etc/web.conf", "a = 2\n"),), secret_files=(SecretFile("/etc/key"),))

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, changed)
    await apps.workloads.deploy(apps.principal, plan.id, None)
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    (shown,) = (each.changes for each in plan.diff if each.kind == "ConfigMap")
    assert [("data[etc_web.conf]", "a = 1\n", "a = 2\n")] == [
        (change.path, json.loads(change.before or ""), json.loads(change.after or "")) for change in shown
    ]
    assert [{"etc_web.conf": "a = 2\n"}] == await config(cluster, apps)
    assert {"file.etc_key": CANARY} == (await secrets(cluster, apps))["web-secrets"]
    assert not before & {pod.uid for pod in await apps.pods() if pod.is_current}


async def test_what_is_taken_away_is_gone_and_comes_back_with_its_revision(apps: Apps, cluster: Cluster) -> None:
    whole = replace(FILED, registry_credentials=PRIVATE.registry_credentials)
    await apps.deploy(whole)
    kept = await secrets(cluster, apps), await config(cluster, apps)

    await apps.deploy(ONE)
    assert ({}, []) == (await secrets(cluster, apps), await config(cluster, apps))

    await apps.workloads.rollback(apps.principal, apps.namespace.slug, "web", 1, None)
    assert kept == (await secrets(cluster, apps), await config(cluster, apps))


@only_embedded
async def test_nothing_that_is_read_has_a_secret_content_or_a_password(apps: Apps) -> None:
    whole = replace(FILED, registry_credentials=PRIVATE.registry_credentials)

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, whole)
    await apps.workloads.deploy(apps.principal, plan.id, None)

    read = repr((plan, await apps.get(), await apps.revisions()))
    assert CANARY not in read
    assert base64.b64encode(CANARY.encode()).decode() not in read


@only_embedded
async def test_a_password_is_kept_and_told_of_where_it_changes(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(PRIVATE)

    await apps.deploy(replace(PRIVATE, image="registry.example/web:2", registry_credentials=RegistryCredentials("ada")))
    await apps.deploy(replace(PRIVATE, registry_credentials=RegistryCredentials("ada", "n3w")))

    told = [[change.path for change in revision.changes] for revision in await apps.revisions()]
    assert [["image", "registry_credentials.password"], ["image"]] == told[:2]
    assert "n3w" in (await secrets(cluster, apps))["web-registry"][".dockerconfigjson"]


@only_embedded
async def test_a_password_is_not_sent_to_another_registry(apps: Apps) -> None:
    await apps.deploy(PRIVATE)

    with pytest.raises(InvalidInputs) as refusal:
        await apps.deploy(replace(PRIVATE, registry_credentials=RegistryCredentials("ada", server="eve.example")))

    assert [("workload", "registry_credentials", "password")] == [each.path for each in refusal.value.failures]


@only_embedded
async def test_a_plan_warns_of_credentials_that_would_not_be_used(apps: Apps) -> None:
    spec = replace(ONE, registry_credentials=RegistryCredentials("ada", "x", "ghcr.io"))

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)

    (finding,) = plan.findings
    assert ("workload", "registry_credentials", "server") == finding.path
    assert FindingSeverity.WARNING is finding.severity


@only_embedded
async def test_own_resources_that_do_not_fit_are_refused_and_those_that_do_are_counted(apps: Apps) -> None:
    fitting = replace(ONE, size=None, resources=Resources(50, 100, 64, 96))
    await apps.deploy_until_ready(fitting)

    with pytest.raises(QuotaExceeded):
        await apps.workloads.plan(
            apps.principal, apps.namespace.slug, replace(fitting, resources=Resources(50, 128_000, 64, 96))
        )
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(fitting, replicas=2))

    (memory,) = (each for each in plan.quota if each.resource == "limits.memory")
    assert 96 * 2**20 == memory.after - memory.used
    assert ChangeAction.UPDATE is plan.action


@only_embedded
async def test_a_private_image_is_explained_and_pulled_once_it_has_credentials(apps: Apps) -> None:
    private = replace(ONE, image="registry.example/web:private")
    await apps.deploy(private)
    failed = await apps.reach("web", WorkloadPhase.FAILED)

    diagnosis = await apps.workloads.diagnose(failed)

    assert isinstance(diagnosis, ImagePullFailure)
    assert ImagePullCause.UNAUTHORIZED is diagnosis.cause
    assert "registry credentials" in diagnosis.message
    await apps.deploy_until_ready(replace(private, registry_credentials=RegistryCredentials("ada", "x")))
