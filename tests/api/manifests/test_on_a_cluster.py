"""What is built, before an API server: taken as it is, under strict field validation and the namespace's own guards."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import PolicyViolation, QuotaExceeded
from api.manifests.builder import Object, build, pod_from
from api.manifests.diff import diff
from api.manifests.models import (
    ChangeAction,
    EnvironmentVariable,
    Probe,
    Schedule,
    SecretVariable,
    Volume,
    WorkloadKind,
    WorkloadSize,
    WorkloadSpec,
)
from api.manifests.namespace import build_namespace
from api.manifests.redaction import to_yaml
from api.manifests.rules import MAX_VARIABLES, RULES
from api.manifests.validation import validate
from api.metrics.models import MetricScope
from api.metrics.scopes import scope_of_pod
from tests.api.manifests.specs import DATABASE, JOB, NIGHTLY, WEB, with_environment, with_secrets
from tests.api.waiting import PATIENCE, until
from tests.devcluster_fixture import DevCluster

LONGEST_NAME = "a" * max(rule.max_length or 0 for rule in RULES if rule.field == "name")
AWKWARD = ("", "$(PORT) $$", "line\nline", "⛵ é \t\x07\x85", "1e3", "y", "{{x}}", "x" * 8192)
EDGES = {
    "the least": WorkloadSpec(name="a", image="redis", replicas=0),
    "the longest name": replace(with_secrets(TOKEN="x"), name=LONGEST_NAME),
    "the longest image": replace(WEB, image="registry.example:5000/" + "a" * 255 + ":" + "T" * 128),
    "a digest": replace(WEB, image="ghcr.io/ada/engine:1@sha256:" + "0" * 64),
    "the first port": replace(WEB, port=1),
    "the last port": replace(WEB, port=65535),
    "a user": replace(WEB, run_as_user=2**31 - 1),
    "awkward values": with_environment(**{f"A{number}": value for number, value in enumerate(AWKWARD[:-1])}),
    "a long value": with_environment(A=AWKWARD[-1]),
    "an empty secret": with_secrets(TOKEN=""),
    "many variables": replace(
        WEB,
        environment=tuple(EnvironmentVariable(f"A{number}", "x") for number in range(MAX_VARIABLES)),
        secrets=tuple(SecretVariable(f"B{number}", "x") for number in range(MAX_VARIABLES)),
    ),
    "every check": replace(
        WEB,
        startup=Probe(delay_seconds=3600, period_seconds=600, timeout_seconds=600, failures=100),
        liveness=Probe(command=AWKWARD[1:7]),
        readiness=Probe(path="/healthz?full=1"),
    ),
    "words": replace(WEB, command=AWKWARD[1:7], arguments=("-",), shutdown_seconds=600),
    "the largest size": replace(WEB, size=WorkloadSize.XL, replicas=1),
    "a worker": WorkloadSpec(name="mailer", image="redis", kind=WorkloadKind.WORKER, liveness=Probe(command=("true",))),
    "a stateful service": replace(DATABASE, name=LONGEST_NAME),
    "a large volume": replace(DATABASE, volumes=(Volume("x" * 12, "/a.b/c-d_e/.f", 16_384, "fast.example"),)),
    "a job": replace(JOB, retries=0, time_limit_seconds=604_800),
    "a scheduled job": replace(NIGHTLY, name=LONGEST_NAME),
    "days by name": replace(NIGHTLY, schedule=Schedule("*/5,30 0-6/2 1,15 jan-MAR sun,MON-fri", "America/New_York")),
    "a named schedule": replace(NIGHTLY, schedule=Schedule("@daily", suspended=True)),
}


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    owner_id: UUID


@dataclass(frozen=True)
class Share:
    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 30
    storage: str = "20Gi"
    load_balancers: int = 0


@pytest.fixture
async def slug(cluster: Cluster) -> AsyncIterator[str]:
    """A namespace with all that guards one, once its quota is counted."""
    place = Place(uuid4(), f"manifests-{uuid4().hex[:8]}", uuid4())
    for manifest in build_namespace(place, Share()):
        await cluster.create(manifest)
    await until(
        cluster, place.slug, lambda: any(each.status.hard for each in cluster.store.resource_quotas(place.slug))
    )
    yield place.slug
    await cluster.delete(Kind.NAMESPACE, None, place.slug)


def objects(spec: WorkloadSpec, slug: str, *, workload_id: UUID | None = None, revision: int = 1) -> list[Object]:
    return build(
        spec,
        namespace=slug,
        workload_id=workload_id or uuid4(),
        revision=revision,
        template_revision=revision,
        secret_values={secret.name: secret.value or "" for secret in spec.secrets},
    )


async def created(cluster: Cluster, manifests: list[Object]) -> None:
    for manifest in manifests:
        await cluster.create(manifest)


async def test_every_spec_that_breaks_no_rule_is_taken_without_a_warning(cluster: Cluster, slug: str) -> None:
    for name, spec in EDGES.items():
        assert [] == validate(spec), name
        manifests = objects(spec, slug)
        for manifest in [*manifests, pod_from(manifests[-1])]:
            applied = await cluster.create(manifest, dry_run=True)
            assert () == applied.warnings, f"{name}: {manifest['kind']}"


async def test_what_runs_as_it_was_built_would_not_be_changed_by_building_it_again(cluster: Cluster, slug: str) -> None:
    """Defaults that the API server fills in are on both sides, and are no difference."""
    web = replace(with_secrets(TOKEN="x"), replicas=0, run_as_user=1000)
    manifests = [each for spec in (web, replace(DATABASE, replicas=0), NIGHTLY) for each in objects(spec, slug)]
    await created(cluster, manifests)

    for manifest in manifests:
        live = await cluster.get(Kind.of(manifest), slug, manifest["metadata"]["name"])
        again = await cluster.apply(manifest, dry_run=True)

        assert (ChangeAction.UNCHANGED, ()) == (diff(live, again.object).action, diff(live, again.object).changes)


async def test_a_dry_run_tells_exactly_what_an_edit_of_the_form_changes(cluster: Cluster, slug: str) -> None:
    workload_id = uuid4()
    before = replace(with_environment(A="1", B="2"), replicas=0)
    after = replace(with_environment(A="1"), replicas=0, image="registry.example/web:2")
    await created(cluster, objects(before, slug, workload_id=workload_id))
    deployment = objects(after, slug, workload_id=workload_id)[-1]

    live = await cluster.get(Kind.DEPLOYMENT, slug, "web")
    found = diff(live, (await cluster.apply(deployment, dry_run=True)).object)

    container = "spec.template.spec.containers[app]"
    assert {f"{container}.image": ChangeAction.UPDATE, f"{container}.env[B]": ChangeAction.DELETE} == {
        change.path: change.action for change in found.changes
    }


async def test_the_pods_of_the_longest_name_are_known_for_their_apps(cluster: Cluster, slug: str) -> None:
    await created(cluster, objects(replace(WEB, name=LONGEST_NAME, replicas=2), slug))

    await until(cluster, slug, lambda: len(cluster.store.pods(slug)) == 2)

    found = {scope_of_pod(slug, pod.metadata.name) for pod in cluster.store.pods(slug)}
    assert {MetricScope(slug, LONGEST_NAME)} == found


async def test_the_namespace_refuses_a_pod_that_is_less_than_restricted(cluster: Cluster, slug: str) -> None:
    pod = pod_from(objects(WEB, slug)[-1])
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True

    with pytest.raises(PolicyViolation):
        await cluster.create(pod, dry_run=True)


async def test_the_namespace_refuses_a_pod_beyond_its_share(cluster: Cluster, slug: str) -> None:
    await created(cluster, objects(replace(WEB, size=WorkloadSize.XL, replicas=2), slug))
    await until(cluster, slug, lambda: len(cluster.store.pods(slug)) == 2)

    with pytest.raises(QuotaExceeded):
        await cluster.create(pod_from(objects(replace(WEB, name="other"), slug)[-1]), dry_run=True)


@pytest.mark.devcluster
async def test_kubectl_reads_the_yaml_as_it_was_meant(devcluster: DevCluster) -> None:
    """Another reader than ours, with other ideas of what is a number."""
    deployment = objects(EDGES["awkward values"], "default")[-1]
    command = [str(devcluster.kubectl), f"--kubeconfig={devcluster.kubeconfig}", "create", "-f", "-"]

    async with asyncio.timeout(PATIENCE):
        ran = await asyncio.create_subprocess_exec(
            *command,
            "--dry-run=server",
            "--validate=strict",
            "-o=jsonpath={.spec.template.spec.containers[0].env}",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        told, trouble = await ran.communicate(to_yaml(deployment).encode())

    assert b"" == trouble
    expected = deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    assert [{key: each[key] for key in each if each[key] != ""} for each in expected] == json.loads(told)
