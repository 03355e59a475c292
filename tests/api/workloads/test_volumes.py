"""The disks of a namespace: whose they are, which are left over, and that only those can be deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import WorkloadRow
from api.errors import Forbidden, InUse, InvalidInput, NotFound, NotThere, PlanConflict
from api.manifests.models import Autoscaling, Volume, WorkloadKind, WorkloadSpec
from api.namespaces.service import NamespaceService
from api.workloads.models import Plan, VolumeClaim
from api.workloads.restoring import RESTORABLE_FOR
from api.workloads.timeline import TimelineKind
from api.workloads.volume_service import VolumeUse
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import Apps
from tests.api.workloads.reconciler.conftest import timeline

DATABASE = WorkloadSpec(
    name="db",
    image="registry.example/db:1",
    kind=WorkloadKind.STATEFUL_SERVICE,
    volumes=(Volume("data", "/data", 1),),
)
TWO = replace(DATABASE, replicas=2)
GIB = 2**30


class Disks:
    """What is to be seen of disks in Ada's namespace, and how she deletes one."""

    def __init__(self, apps: Apps, cluster: Cluster, database: Database) -> None:
        self._apps = apps
        self._cluster = cluster
        self._database = database

    def all(self) -> dict[str, VolumeClaim]:
        """Every disk by name."""
        volumes = self._apps.workloads.volumes
        page = volumes.of_namespace(self._apps.principal, self._apps.namespace, PageRequest(first=100))
        return {each.name: each for each in page.items}

    async def use(self, name: str) -> VolumeUse:
        return (await self._apps.workloads.volumes.uses(self._apps.principal, self._apps.namespace.slug, [name]))[name]

    async def left_over(self) -> list[str]:
        names = list(self.all())
        uses = await self._apps.workloads.volumes.uses(self._apps.principal, self._apps.namespace.slug, names)
        return [name for name in names if uses[name].is_left_over]

    async def delete(self, name: str) -> str:
        uid = self.all()[name].uid
        return await self._apps.workloads.volumes.delete(self._apps.principal, self._apps.namespace.slug, uid, name)

    async def refused(self, name: str) -> InUse:
        with pytest.raises(InUse) as refusal:
            await self.delete(name)
        assert ("id",) == refusal.value.path
        assert name in self.all()
        return refusal.value

    async def settled(self, *, counted: int, pods: Collection[str] = ()) -> None:
        """Wait until the quota counts so many disks, and no other pods than these are there."""
        store, slug = self._cluster.store, self._apps.namespace.slug

        def is_settled() -> bool:
            used = {name: each for quota in store.resource_quotas(slug) for name, each in quota.status.used.items()}
            names = {pod.metadata.name for pod in store.pods(slug)}
            return used.get("persistentvolumeclaims") == str(counted) and names == set(pods)

        await until(self._cluster, slug, is_settled)

    async def leave(self, spec: WorkloadSpec = DATABASE) -> None:
        """The disks of an app that was deleted more than a day ago."""
        await self._apps.deploy_until_ready(spec)
        await self._apps.workloads.delete(self._apps.principal, self._apps.namespace.slug, spec.name)
        await self.age()
        await self.settled(counted=spec.replicas)

    async def age(self) -> None:
        """Whatever was deleted was so more than a day ago."""
        async with self._database.session() as session:
            since = WorkloadRow.deleted_at - RESTORABLE_FOR - timedelta(minutes=1)
            await session.execute(
                update(WorkloadRow).where(WorkloadRow.deleted_at.is_not(None)).values(deleted_at=since)
            )


@pytest.fixture
def disks(apps: Apps, cluster: Cluster, database: Database) -> Disks:
    return Disks(apps, cluster, database)


def of_storage(plan: Plan) -> float:
    """GiB of disk that the namespace would come to."""
    return next(each.after for each in plan.quota if each.resource == "requests.storage") / GIB


class TestTakingOver:
    async def test_a_plan_counts_what_it_takes_over_once(self, apps: Apps, disks: Disks) -> None:
        await disks.leave()

        plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, TWO)

        assert 2 == of_storage(plan)
        assert ["data-db-0 (1Gi)" in each.message for each in plan.findings] == [True]

    @only_embedded
    async def test_a_disk_that_fills_the_quota_can_be_taken_over(self, apps: Apps, disks: Disks) -> None:
        big = replace(DATABASE, volumes=(Volume("data", "/data", 20),))
        await disks.leave(big)

        assert 20 == of_storage(await apps.workloads.plan(apps.principal, apps.namespace.slug, big))

    async def test_the_app_has_it_with_its_own_size(self, apps: Apps, disks: Disks) -> None:
        await disks.leave(replace(DATABASE, volumes=(Volume("data", "/data", 2),)))

        workload = await apps.deploy_until_ready(TWO)

        page = apps.workloads.volumes.of_workload(workload, PageRequest(first=9))
        assert [("data-db-0", 2 * GIB), ("data-db-1", GIB)] == [(each.name, each.capacity) for each in page.items]

    @only_embedded
    async def test_what_is_left_by_an_app_of_a_longer_name_is_not_its_own(self, apps: Apps, disks: Disks) -> None:
        await disks.leave(replace(DATABASE, name="my-db"))

        workload = await apps.deploy_until_ready(DATABASE)

        page = apps.workloads.volumes.of_workload(workload, PageRequest(first=9))
        assert ["data-db-0"] == [each.name for each in page.items]


class TestUse:
    async def test_each_disk_has_its_app(self, apps: Apps, disks: Disks) -> None:
        workload = await apps.deploy_until_ready(TWO)

        found = [(await disks.use(name)).workload for name in disks.all()]

        assert [workload.id] * 2 == [each.id for each in found if each is not None]
        assert [] == await disks.left_over()

    @only_embedded
    async def test_what_replicas_leave_is_left_over_and_what_a_stopped_app_has_is_not(
        self, apps: Apps, disks: Disks
    ) -> None:
        await apps.deploy_until_ready(TWO)
        slug = apps.namespace.slug

        await apps.workloads.scale(apps.principal, slug, "db", 1)
        scaled = await disks.left_over()
        await apps.workloads.scale(apps.principal, slug, "db", 0)
        stopped = await disks.left_over()

        assert (["data-db-1"], []) == (scaled, stopped)
        assert "db is stopped, and goes on with its disk data-db-1" in (await disks.refused("data-db-1")).message

    @only_embedded
    async def test_a_deleted_app_keeps_its_disks_for_as_long_as_it_can_be_brought_back(
        self, apps: Apps, disks: Disks
    ) -> None:
        await apps.deploy_until_ready(DATABASE)
        await apps.workloads.delete(apps.principal, apps.namespace.slug, "db")

        use = await disks.use("data-db-0")
        refusal = await disks.refused("data-db-0")
        await disks.age()

        assert use.workload is None
        assert use.deleted is not None
        until_then = f"{use.deleted.restorable_until:%Y-%m-%d %H:%M} UTC"
        assert f"can be brought back with its disk data-db-0 until {until_then}" in refusal.message
        assert ["data-db-0"] == await disks.left_over()

    @only_embedded
    async def test_a_disk_of_another_volume_is_left_over(self, apps: Apps, disks: Disks) -> None:
        await disks.leave(replace(DATABASE, volumes=(Volume("old", "/data", 1),)))
        await apps.deploy_until_ready(DATABASE)

        assert ["old-db-0"] == await disks.left_over()

    @only_embedded
    async def test_a_revision_in_the_making_counts_too(
        self, apps: Apps, disks: Disks, cluster: Cluster, proxy: FaultyProxy
    ) -> None:
        """Its replicas may have the disks before it is marked as applied."""
        await apps.deploy_until_ready(TWO)
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "db", 1)
        await disks.settled(counted=2, pods=["db-0"])
        proxy.fail_when(applies_a_stateful_set, Fault.LATE)
        scaling = asyncio.create_task(apps.workloads.scale(apps.principal, apps.namespace.slug, "db", 2))
        await proxy.until_held()

        refusal = await disks.refused("data-db-1")
        proxy.heal()
        await scaling

        assert "db uses the disk data-db-1. Scale the app down first" in refusal.message


def applies_a_stateful_set(request: Seen) -> bool:
    return request.method == "PATCH" and request.path.endswith("/statefulsets/db") and not request.dry_run


def deletes_a_claim(request: Seen) -> bool:
    return request.method == "DELETE" and "/persistentvolumeclaims/" in request.path


class TestDeleting:
    async def test_what_is_left_over_goes_with_what_it_took_of_the_quota(
        self, apps: Apps, disks: Disks, cluster: Cluster
    ) -> None:
        await disks.leave()

        uid = disks.all()["data-db-0"].uid
        deleted = await disks.delete("data-db-0")

        assert uid == deleted
        assert {} == disks.all()
        assert await cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, apps.namespace.slug, "data-db-0") is None
        await disks.settled(counted=0)

    async def test_the_timeline_says_who_deleted_which(self, apps: Apps, disks: Disks) -> None:
        await apps.deploy_until_ready(TWO)
        workload = await apps.workloads.scale(apps.principal, apps.namespace.slug, "db", 1)
        await disks.settled(counted=2, pods=["db-0"])

        await disks.delete("data-db-1")

        entry = (await timeline(apps))[0]
        assert (TimelineKind.VOLUME_DELETED, "db", workload.id) == (entry.kind, entry.details.app, entry.workload_id)
        assert apps.principal.user_id == entry.author_id
        assert [("PersistentVolumeClaim", "data-db-1", "delete")] == [
            (each.kind, each.name, each.action) for each in entry.details.objects
        ]

    @only_embedded
    async def test_what_an_app_uses_is_refused_with_a_way_out(self, apps: Apps, disks: Disks) -> None:
        await apps.deploy_until_ready(TWO)

        first, second = await disks.refused("data-db-0"), await disks.refused("data-db-1")

        assert "db uses the disk data-db-0. Delete the app first: a day later" in first.message
        assert "Scale the app down first" in second.message

    @only_embedded
    async def test_the_name_confirms_it(self, apps: Apps, disks: Disks) -> None:
        await disks.leave()
        uid = disks.all()["data-db-0"].uid

        with pytest.raises(InvalidInput) as refusal:
            await apps.workloads.volumes.delete(apps.principal, apps.namespace.slug, uid, "data-db-1")

        assert (("confirm_name",), "data-db-0") == (refusal.value.path, refusal.value.example)
        assert ["data-db-0"] == list(disks.all())

    async def test_what_a_pod_of_somebody_else_s_has_is_refused(
        self, apps: Apps, disks: Disks, somebody: Client
    ) -> None:
        """Kubernetes would keep it for as long as the pod runs, and then take the data away."""
        await disks.leave()
        await somebody.post(f"/api/v1/namespaces/{apps.namespace.slug}/pods", pod_with("data-db-0"))

        refusal = await disks.refused("data-db-0")

        assert "The pod backup still has the disk data-db-0." in refusal.message

    @only_embedded
    async def test_another_that_has_its_name_by_now_is_left_alone(
        self, apps: Apps, disks: Disks, proxy: FaultyProxy, somebody: Client
    ) -> None:
        """The watch may be behind: what is deleted is what was seen."""
        await disks.leave()
        claims = f"/api/v1/namespaces/{apps.namespace.slug}/persistentvolumeclaims"
        labels = (await somebody.get(f"{claims}/data-db-0")).body["metadata"]["labels"]
        seen = disks.all()["data-db-0"]
        proxy.stall_watches()
        await somebody.delete(f"{claims}/data-db-0")
        await somebody.until_gone(claims)
        await somebody.post(claims, claim_named("data-db-0", labels))

        with pytest.raises(NotThere) as refusal:
            await apps.workloads.volumes.delete(apps.principal, apps.namespace.slug, seen.uid, "data-db-0")

        assert ("id",) == refusal.value.path
        assert 200 == (await somebody.get(f"{claims}/data-db-0")).status

    @only_embedded
    async def test_a_deploy_that_would_take_it_waits_and_is_told(
        self, apps: Apps, disks: Disks, proxy: FaultyProxy
    ) -> None:
        """Else it would be given a disk that is about to go with its data."""
        await disks.leave()
        former = disks.all()["data-db-0"].uid
        proxy.fail_when(deletes_a_claim, Fault.LATE)
        deleting = asyncio.create_task(disks.delete("data-db-0"))
        await proxy.until_held()
        plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, DATABASE)

        with pytest.raises(PlanConflict, match="A disk of the namespace is being deleted") as refusal:
            await apps.workloads.deploy(apps.principal, plan.id, None)
        proxy.heal()
        await deleting
        await apps.deploy_until_ready(DATABASE)

        assert ("plan_id",) == refusal.value.path
        assert former != disks.all()["data-db-0"].uid

    async def test_a_plan_that_said_whose_data_the_app_would_get_no_longer_holds(
        self, apps: Apps, disks: Disks
    ) -> None:
        await disks.leave()
        plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, DATABASE)
        await disks.delete("data-db-0")

        with pytest.raises(PlanConflict) as refusal:
            await apps.workloads.deploy(apps.principal, plan.id, None)

        assert ("PersistentVolumeClaim/data-db-0",) == refusal.value.changes
        assert ["metadata.uid"] == [each.path for each in refusal.value.conflicts]

    async def test_an_app_that_has_taken_it_over_is_not_told_of_it_any_more(self, apps: Apps, disks: Disks) -> None:
        await disks.leave()
        await apps.deploy_until_ready(DATABASE)

        plan = await apps.workloads.plan(
            apps.principal, apps.namespace.slug, replace(DATABASE, image="registry.example/db:2")
        )

        assert () == plan.findings

    @only_embedded
    async def test_what_was_begun_is_noted_also_where_nobody_waits_for_it(
        self, apps: Apps, disks: Disks, cluster: Cluster, proxy: FaultyProxy
    ) -> None:
        await disks.leave()
        proxy.fail_when(deletes_a_claim, Fault.LATE)
        deleting = asyncio.create_task(disks.delete("data-db-0"))
        await proxy.until_held()

        deleting.cancel()
        proxy.heal()
        await apps.workloads.volumes.close()

        assert TimelineKind.VOLUME_DELETED is (await timeline(apps))[0].kind
        assert await cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, apps.namespace.slug, "data-db-0") is None

    @only_embedded
    async def test_that_its_answer_was_lost_makes_it_no_failure(
        self, apps: Apps, disks: Disks, proxy: FaultyProxy
    ) -> None:
        await disks.leave()
        proxy.fail_when(deletes_a_claim, Fault.ANSWER_LOST)

        await disks.delete("data-db-0")

        assert {} == disks.all()
        assert TimelineKind.VOLUME_DELETED is (await timeline(apps))[0].kind

    @only_embedded
    async def test_what_an_autoscaled_app_may_use_again_is_refused_with_its_own_way_out(
        self, apps: Apps, disks: Disks
    ) -> None:
        autoscaled = replace(DATABASE, autoscaling=Autoscaling(min_replicas=1, max_replicas=3, cpu_percent=60))
        await apps.deploy_until_ready(TWO)
        await apps.deploy(autoscaled)

        refusal = await disks.refused("data-db-1")

        assert "Deploy it with a lower maximum first" in refusal.message

    @only_embedded
    async def test_it_waits_for_an_app_that_is_being_brought_back(
        self, apps: Apps, disks: Disks, proxy: FaultyProxy
    ) -> None:
        await apps.deploy_until_ready(DATABASE)
        gone = await apps.workloads.delete(apps.principal, apps.namespace.slug, "db")
        await disks.settled(counted=1)
        proxy.fail_when(lambda each: each.is_creation and each.path.endswith("/statefulsets"), Fault.LATE)
        restoring = asyncio.create_task(apps.workloads.restoring.restore(apps.principal, apps.namespace.slug, gone))
        await proxy.until_held()

        refusal = await disks.refused("data-db-0")
        proxy.heal()
        await restoring

        assert "An app with volumes is being changed in the namespace at this moment." in refusal.message

    @only_embedded
    async def test_an_app_whose_day_ends_while_it_is_brought_back_is_not_given_an_empty_disk(
        self, apps: Apps, disks: Disks, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await apps.deploy_until_ready(DATABASE)
        gone = await apps.workloads.delete(apps.principal, apps.namespace.slug, "db")
        proxy.fail_when(lambda each: each.dry_run, Fault.LATE)
        restoring = asyncio.create_task(apps.workloads.restoring.restore(apps.principal, apps.namespace.slug, gone))
        await proxy.until_held()

        monkeypatch.setattr("api.workloads.restoring.RESTORABLE_FOR", timedelta(0))
        proxy.heal()

        with pytest.raises(NotThere, match="No such app was deleted within"):
            await restoring

    @only_embedded
    async def test_nobody_else_deletes_it(
        self, apps: Apps, disks: Disks, eve: Principal, administrator: Principal
    ) -> None:
        await disks.leave()
        uid, slug = disks.all()["data-db-0"].uid, apps.namespace.slug

        with pytest.raises(NotFound):
            await apps.workloads.volumes.delete(eve, slug, uid, "data-db-0")
        with pytest.raises(Forbidden):
            await apps.workloads.volumes.delete(administrator, slug, uid, "data-db-0")
        with pytest.raises(NotFound):
            await apps.workloads.volumes.uses(eve, slug, ["data-db-0"])
        with pytest.raises(NotFound):
            apps.workloads.volumes.of_namespace(eve, apps.namespace, PageRequest(first=1))

        assert ["data-db-0"] == list(disks.all())

    @only_embedded
    async def test_a_disk_of_another_namespace_is_none_of_this_one(
        self, apps: Apps, disks: Disks, namespaces: NamespaceService
    ) -> None:
        await disks.leave()
        uid = disks.all()["data-db-0"].uid
        other = await namespaces.create(apps.principal, "other")

        with pytest.raises(NotThere):
            await apps.workloads.volumes.delete(apps.principal, other.slug, uid, "data-db-0")

        assert ["data-db-0"] == list(disks.all())


def claim_named(name: str, labels: dict[str, str]) -> dict[str, object]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": name, "labels": labels}, "spec": spec}


def pod_with(claim: str) -> dict[str, object]:
    """A pod that the namespace's policy and quota take."""
    resources = {"cpu": "10m", "memory": "16Mi"}
    container = {
        "name": "backup",
        "image": "registry.example/backup:1",
        "resources": {"requests": resources, "limits": resources},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "disk", "mountPath": "/disk"}],
    }
    spec = {
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "disk", "persistentVolumeClaim": {"claimName": claim}}],
    }
    return {"metadata": {"name": "backup"}, "spec": spec}
