"""What others change or delete in the cluster is brought back within 30 s, and said so."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import OWNER_ID, WORKLOAD_ID, Kind
from api.clusters.ownership import Object
from api.manifests.models import Autoscaling, ChangeAction, EnvironmentVariable, WorkloadKind
from api.namespaces.models import NamespacePhase
from api.namespaces.service import NamespaceService
from api.workloads.models import RevisionCause, WorkloadPhase
from api.workloads.timeline import TimelineKind
from tests.api.clusters.embedded.client import APPLY, JSON_PATCH, Client
from tests.api.waiting import until
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.api.workloads.reconciler.conftest import timeline, told

pytestmark = pytest.mark.usefixtures("reconciler")

APP = replace(SECRETIVE, replicas=2, environment=(EnvironmentVariable("LEVEL", "info"),))
PLURALS = {
    "Secret": "api/v1",
    "Service": "api/v1",
    "Deployment": "apis/apps/v1",
    "PodDisruptionBudget": "apis/policy/v1",
}


def path_of(apps: Apps, kind: Kind, name: str) -> str:
    return f"{kind.prefix}/namespaces/{apps.namespace.slug}/{kind.plural}/{name}"


async def live(apps: Apps, cluster: Cluster, kind: Kind, name: str = "web") -> Object:
    found = await cluster.get(kind, apps.namespace.slug, name)
    assert found is not None
    return found


OBJECTS = [
    (Kind.DEPLOYMENT, "web"),
    (Kind.SERVICE, "web"),
    (Kind.SECRET, "web-secrets"),
    (Kind.POD_DISRUPTION_BUDGET, "web"),
]


@pytest.mark.parametrize(("kind", "name"), OBJECTS, ids=lambda value: value.kind if isinstance(value, Kind) else "")
async def test_an_object_that_was_deleted_is_there_again(
    apps: Apps, cluster: Cluster, somebody: Client, kind: Kind, name: str
) -> None:
    await apps.deploy_until_ready(APP)
    before = await live(apps, cluster, kind, name)

    await somebody.delete(path_of(apps, kind, name))

    [entry] = await told(apps, TimelineKind.REPAIRED)
    assert [(kind.kind, name, ChangeAction.CREATE)] == [
        (each.kind, each.name, each.action) for each in entry.details.objects
    ]
    assert (None, "web") == (entry.author_id, entry.details.app)
    after = await live(apps, cluster, kind, name)
    assert before["metadata"]["uid"] != after["metadata"]["uid"]
    assert before["metadata"]["labels"] == after["metadata"]["labels"]


async def test_a_field_that_was_edited_is_as_recorded_again(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    await apps.deploy_until_ready(APP)
    path = path_of(apps, Kind.DEPLOYMENT, "web")

    answer = await somebody.patch(path, {"spec": {"replicas": 5}})
    assert 200 == answer.status

    [entry] = await told(apps, TimelineKind.REPAIRED)
    [diff] = entry.details.objects
    assert [("spec.replicas", "5", "2")] == [(each.path, each.before, each.after) for each in diff.changes]
    assert 2 == (await live(apps, cluster, Kind.DEPLOYMENT))["spec"]["replicas"]


async def test_a_secret_that_was_edited_is_as_recorded_again_and_its_value_is_told_to_nobody(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    await apps.deploy_until_ready(APP)
    before = await live(apps, cluster, Kind.SECRET, "web-secrets")

    await somebody.patch(path_of(apps, Kind.SECRET, "web-secrets"), {"data": {"TOKEN": "c3RvbGVuLWJ5LWV2ZQ=="}})

    [entry] = await told(apps, TimelineKind.REPAIRED)
    assert before["data"] == (await live(apps, cluster, Kind.SECRET, "web-secrets"))["data"]
    assert "c3RvbGVu" not in str(entry)
    assert before["data"]["TOKEN"] not in str(entry)


async def test_what_is_robbed_of_our_labels_gets_them_back(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """It is known by who wrote it."""
    await apps.deploy_until_ready(APP)
    before = await live(apps, cluster, Kind.SERVICE)

    await somebody.patch(path_of(apps, Kind.SERVICE, "web"), [{"op": "remove", "path": "/metadata/labels"}], JSON_PATCH)

    await told(apps, TimelineKind.REPAIRED)
    after = await live(apps, cluster, Kind.SERVICE)
    assert (before["metadata"]["uid"], before["metadata"]["labels"]) == (
        after["metadata"]["uid"],
        after["metadata"]["labels"],
    )


async def test_what_others_add_beside_what_we_ask_for_stays(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """As an injected sidecar, or an annotation of an operator: fields of theirs, and no drift."""
    await apps.deploy_until_ready(APP)
    path = path_of(apps, Kind.DEPLOYMENT, "web")
    theirs = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"annotations": {"example.com/theirs": "1"}},
    }
    await somebody.send("PATCH", path, theirs, content_type=APPLY, fieldManager="operator")

    await somebody.patch(path, {"spec": {"replicas": 5}})

    await told(apps, TimelineKind.REPAIRED)
    annotations = (await live(apps, cluster, Kind.DEPLOYMENT))["metadata"]["annotations"]
    assert "1" == annotations["example.com/theirs"]


async def test_a_deploy_of_ones_own_is_no_drift(apps: Apps) -> None:
    await apps.deploy_until_ready(APP)
    await apps.deploy_until_ready(replace(APP, image="registry.example/web:2"))
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 3)
    await apps.reach("web", WorkloadPhase.READY, revision=3)

    causes = [(each.kind, each.details.cause) for each in await timeline(apps)]

    applied = TimelineKind.REVISION_APPLIED
    assert [
        (applied, RevisionCause.SCALE),
        (applied, RevisionCause.DEPLOY),
        (applied, RevisionCause.DEPLOY),
    ] == causes


async def test_a_job_that_was_deleted_is_not_run_again(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    job = replace(SECRETIVE, name="job", kind=WorkloadKind.JOB, port=None)
    await apps.deploy(job)
    await somebody.delete(path_of(apps, Kind.JOB, "job-1"), {"propagationPolicy": "Background"})
    await somebody.delete(path_of(apps, Kind.SECRET, "job-secrets"))

    [entry] = await told(apps, TimelineKind.REPAIRED)

    assert ["Secret"] == [each.kind for each in entry.details.objects]
    assert None is await cluster.get(Kind.JOB, apps.namespace.slug, "job-1")


async def test_what_was_left_of_an_app_that_nobody_knows_is_removed(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    """Made by us, as the reconciler tells by who wrote it; a volume stays."""
    await apps.deploy_until_ready(APP)
    orphan = str(uuid4())
    name = {"name": "left", "namespace": apps.namespace.slug}
    labels = {"app.kubernetes.io/managed-by": "moorage", WORKLOAD_ID: orphan}
    claim_spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    await cluster.create(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {**name, "labels": labels},
            "spec": claim_spec,
        }
    )
    await cluster.create({"apiVersion": "v1", "kind": "Secret", "metadata": {**name, "labels": labels}})
    await somebody.post(
        f"/api/v1/namespaces/{apps.namespace.slug}/secrets",
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "copied", "labels": labels}},
    )

    [entry] = await told(apps, TimelineKind.ORPHANS_REMOVED)

    assert [("Secret", "left")] == [(each.kind, each.name) for each in entry.details.objects]
    assert await cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, apps.namespace.slug, "left")
    assert await cluster.get(Kind.SECRET, apps.namespace.slug, "copied")


async def test_an_autoscaled_app_that_somebody_scaled_to_nothing_runs_again(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    """With no pods its autoscaler would do nothing for ever."""
    await apps.deploy_until_ready(replace(APP, autoscaling=Autoscaling(2, 4, cpu_percent=80)))

    await somebody.patch(path_of(apps, Kind.DEPLOYMENT, "web"), {"spec": {"replicas": 0}})

    await told(apps, TimelineKind.REPAIRED)
    assert 2 == (await live(apps, cluster, Kind.DEPLOYMENT))["spec"]["replicas"]


async def test_what_carries_an_apps_labels_and_is_not_of_it_stays(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    await apps.deploy_until_ready(APP)
    labels = (await live(apps, cluster, Kind.SECRET, "web-secrets"))["metadata"]["labels"]
    await somebody.post(
        f"/api/v1/namespaces/{apps.namespace.slug}/secrets",
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "copied", "labels": labels}},
    )

    await somebody.delete(path_of(apps, Kind.SERVICE, "web"))

    [entry] = await told(apps, TimelineKind.REPAIRED)
    assert [("Service", ChangeAction.CREATE)] == [(each.kind, each.action) for each in entry.details.objects]
    assert await cluster.get(Kind.SECRET, apps.namespace.slug, "copied")


async def test_what_was_repaired_before_a_refusal_is_told_too(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """Somebody else's Service has taken the name; the secrets, which come before it, are back."""
    await apps.deploy_until_ready(APP)
    service = path_of(apps, Kind.SERVICE, "web")
    await apps.workloads.reconciliation.pause(apps.principal, apps.namespace.slug, paused=True)
    await somebody.delete(path_of(apps, Kind.SECRET, "web-secrets"))
    await somebody.delete(service)
    await somebody.post(
        service.rpartition("/")[0],
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 1}]}},
    )

    await apps.workloads.reconciliation.pause(apps.principal, apps.namespace.slug, paused=False)

    await told(apps, TimelineKind.REPAIR_REFUSED)
    [repaired] = await told(apps, TimelineKind.REPAIRED)
    assert ["Secret"] == [each.kind for each in repaired.details.objects]


async def test_a_namespace_that_was_deleted_is_not_made_again(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """Its disks are gone with it: what is left of it is for its owner to say."""
    await apps.deploy_until_ready(APP)
    slug = apps.namespace.slug

    await somebody.delete(f"/api/v1/namespaces/{slug}")
    await until(cluster, slug, lambda: cluster.store.namespace(slug) is None)
    other = await apps.workloads.reconciliation.pause(apps.principal, slug, paused=False)

    assert NamespacePhase.MISSING is other.phase
    assert None is await cluster.get(Kind.NAMESPACE, None, slug)


GUARDS = [
    (Kind.RESOURCE_QUOTA, "quota", {"spec": {"hard": {"pods": "1000"}}}),
    (Kind.LIMIT_RANGE, "limits", {"spec": {"limits": []}}),
    (Kind.NETWORK_POLICY, "default-deny", {"spec": {"ingress": [{}]}}),
    (Kind.ROLE, "owner", {"rules": []}),
]


@pytest.mark.parametrize(
    ("kind", "name", "patch"), GUARDS, ids=lambda value: value.kind if isinstance(value, Kind) else ""
)
async def test_what_guards_a_namespace_is_repaired(
    *, apps: Apps, cluster: Cluster, somebody: Client, kind: Kind, name: str, patch: Object
) -> None:
    before = await live(apps, cluster, kind, name)

    await somebody.patch(path_of(apps, kind, name), patch)
    [edited] = await told(apps, TimelineKind.REPAIRED)
    await somebody.delete(path_of(apps, kind, name))
    [deleted, _] = await told(apps, TimelineKind.REPAIRED, times=2)

    assert (ChangeAction.UPDATE, ChangeAction.CREATE) == (
        edited.details.objects[0].action,
        deleted.details.objects[0].action,
    )
    after = await live(apps, cluster, kind, name)
    assert (before.get("spec"), before.get("rules")) == (after.get("spec"), after.get("rules"))


async def test_pod_security_of_a_namespace_is_repaired(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    path = f"/api/v1/namespaces/{apps.namespace.slug}"

    await somebody.patch(path, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}})

    await told(apps, TimelineKind.REPAIRED)
    labels = (await somebody.get(path)).body["metadata"]["labels"]
    assert "restricted" == labels["pod-security.kubernetes.io/enforce"]
    assert str(apps.principal.user_id) == labels[OWNER_ID]


async def test_a_namespace_that_lost_all_its_labels_is_guarded_again(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    """The watch finds it by one of them, and says that it is gone."""
    path = f"/api/v1/namespaces/{apps.namespace.slug}"
    before = (await somebody.get(path)).body["metadata"]["labels"]

    await somebody.patch(path, {"metadata": {"labels": dict.fromkeys(before)}})

    await told(apps, TimelineKind.REPAIRED)
    assert before == (await somebody.get(path)).body["metadata"]["labels"]


async def test_while_it_is_paused_everything_is_left_and_then_it_is_repaired(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    await apps.deploy_until_ready(APP)
    pause = apps.workloads.reconciliation.pause
    assert (await pause(apps.principal, apps.namespace.slug, paused=True)).reconciliation_paused
    await somebody.patch(path_of(apps, Kind.DEPLOYMENT, "web"), {"spec": {"replicas": 1}})

    await pause(apps.principal, apps.namespace.slug, paused=False)

    [entry] = await told(apps, TimelineKind.REPAIRED)
    assert [("spec.replicas", "1", "2")] == [
        (each.path, each.before, each.after) for each in entry.details.objects[0].changes
    ]
    kinds = [each.kind for each in await timeline(apps)]
    assert [TimelineKind.RECONCILIATION_RESUMED, TimelineKind.RECONCILIATION_PAUSED] == [
        kind for kind in kinds if kind.value.startswith("reconciliation")
    ]


async def test_what_cannot_be_repaired_is_said_once(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """Somebody else's Service has taken the name of the one that was deleted."""
    await apps.deploy_until_ready(APP)
    path = path_of(apps, Kind.SERVICE, "web")
    await apps.workloads.reconciliation.pause(apps.principal, apps.namespace.slug, paused=True)
    await somebody.delete(path)
    await somebody.post(
        path.rpartition("/")[0],
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 1}]}},
    )

    await apps.workloads.reconciliation.pause(apps.principal, apps.namespace.slug, paused=False)

    [refused] = await told(apps, TimelineKind.REPAIR_REFUSED)
    assert "Service named web that is not this app" in (refused.details.message or "")
    await somebody.delete(path)
    await told(apps, TimelineKind.REPAIRED)
    assert 1 == len([each for each in await timeline(apps) if each.kind is TimelineKind.REPAIR_REFUSED])


async def test_what_guards_a_namespace_is_written_no_more_once_it_is_in_order(
    apps: Apps, namespaces: NamespaceService
) -> None:
    """A write that changes nothing may be an edit all the same, to be looked at, and so on for ever."""

    async def writes() -> int:
        asked: list[None] = []
        repairs = namespaces.repair(apps.namespace, permit=lambda: asked.append(None))
        assert [] == [each async for each in repairs]
        return len(asked)

    await writes()  # which may turn how something was created into how it is applied

    assert (0, 0) == (await writes(), await writes())
