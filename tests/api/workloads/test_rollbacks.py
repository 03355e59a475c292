"""Going back to an earlier revision, seen before it is done: a plan as any other."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.tables import PlanRow
from api.errors import FieldConflict, InvalidInput, NotFound, PlanConflict, PlanExpired, QuotaExceeded
from api.manifests.models import (
    ChangeAction,
    EnvironmentVariable,
    FieldChange,
    RegistryCredentials,
    SecretFile,
    SecretVariable,
    WorkloadSize,
    WorkloadSpec,
)
from api.manifests.redaction import REDACTED
from api.workloads.models import Plan, RevisionCause
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import CANARY, SECRETIVE, WEB, Apps

FIRST = replace(SECRETIVE, environment=(EnvironmentVariable("MODE", "old"),), size=WorkloadSize.M)
SECOND = replace(
    FIRST,
    image="registry.example/web:2",
    environment=(EnvironmentVariable("LEVEL", "new"),),
    secrets=(SecretVariable("TOKEN", "canary-of-later"),),
    size=WorkloadSize.S,
    replicas=2,
)
ONE = replace(WEB, replicas=1)


async def plan_rollback(apps: Apps, number: int = 1, *, base_revision: int | None = None) -> Plan:
    return await apps.workloads.plan_rollback(
        apps.principal, apps.namespace.slug, "web", number, base_revision=base_revision
    )


async def test_a_plan_of_a_rollback_shows_all_that_returns_and_changes_nothing(apps: Apps) -> None:
    await apps.deploy(FIRST)
    await apps.deploy(SECOND)

    plan = await plan_rollback(apps)

    hidden = json.dumps(REDACTED)
    assert {
        "image": ('"registry.example/web:2"', '"registry.example/web:1"'),
        "size": ('"s"', '"m"'),
        "replicas": ("2", "1"),
        "environment[LEVEL]": ('"new"', None),
        "environment[MODE]": (None, '"old"'),
        "secrets[TOKEN]": (hidden, hidden),
    } == {each.path: (each.before, each.after) for each in plan.changes}
    assert (ChangeAction.UPDATE, 2, 1) == (plan.action, plan.base_revision, plan.source_revision)
    assert {"Secret", "Service", "Deployment"} <= {manifest.kind for manifest in plan.manifests}
    assert "Deployment" in {each.kind for each in plan.diff if each.action is ChangeAction.UPDATE}
    assert plan.quota
    assert all(each.fits for each in plan.quota)
    assert [2, 1] == [revision.number for revision in await apps.revisions()]


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [
        (SECRETIVE, replace(SECRETIVE, secrets=(SecretVariable("TOKEN", "canary-of-later"),)), "secrets[TOKEN]"),
        (
            replace(ONE, secret_files=(SecretFile("/etc/key", CANARY),)),
            replace(ONE, secret_files=(SecretFile("/etc/key", "canary-of-later"),)),
            "secret_files[/etc/key]",
        ),
        (
            replace(ONE, registry_credentials=RegistryCredentials("ada", CANARY)),
            replace(ONE, registry_credentials=RegistryCredentials("ada", "canary-of-later")),
            "registry_credentials.password",
        ),
    ],
    ids=["variable", "file", "password"],
)
async def test_where_nothing_but_a_secret_value_returns_it_is_told_by_name_alone(
    *, apps: Apps, database: Database, first: WorkloadSpec, second: WorkloadSpec, path: str
) -> None:
    await apps.deploy(first)
    await apps.deploy(second)

    plan = await plan_rollback(apps)

    hidden = json.dumps(REDACTED)
    assert (FieldChange(path, ChangeAction.UPDATE, before=hidden, after=hidden),) == plan.changes
    assert ChangeAction.UPDATE is plan.action
    async with database.session() as session:
        row = await session.get_one(PlanRow, plan.id)
        kept = repr((plan, row.spec, row.base, row.secrets))
    assert CANARY not in kept
    assert "canary-of-later" not in kept


async def test_deploying_it_makes_a_rollback_that_names_where_it_went(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(FIRST)
    (secret_before,) = await cluster.list(Kind.SECRET, apps.namespace.slug)
    await apps.deploy(SECOND)
    plan = await plan_rollback(apps)

    workload, revision = await apps.workloads.deploy(apps.principal, plan.id, "back")

    (secret,) = await cluster.list(Kind.SECRET, apps.namespace.slug)
    assert (3, RevisionCause.ROLLBACK, 1, "back") == (
        revision.number,
        revision.cause,
        revision.source_revision,
        revision.message,
    )
    assert plan.changes == revision.changes
    assert (FIRST.image, FIRST.environment, FIRST.size, 1) == (
        workload.spec.image,
        workload.spec.environment,
        workload.spec.size,
        workload.spec.replicas,
    )
    assert secret_before["data"] == secret["data"]


async def test_one_without_a_plan_names_where_it_went_too(apps: Apps) -> None:
    await apps.deploy(FIRST)
    await apps.deploy(SECOND)

    _, revision = await apps.workloads.rollback(apps.principal, apps.namespace.slug, "web", 1, None)

    sources = [(each.number, each.cause, each.source_revision) for each in await apps.revisions()]
    assert 1 == revision.source_revision
    assert [(3, RevisionCause.ROLLBACK, 1), (2, RevisionCause.DEPLOY, None), (1, RevisionCause.DEPLOY, None)] == sources


async def test_a_teammates_revision_in_between_is_a_conflict_and_is_not_undone(apps: Apps) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))
    stale = await plan_rollback(apps)
    await apps.deploy(replace(WEB, replicas=2, image="registry.example/web:teammate"))

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert (("plan_id",), ("image",), 3) == (refusal.value.path, refusal.value.changes, refusal.value.revision)
    assert "registry.example/web:teammate" == (await apps.get()).spec.image


async def test_what_somebody_edits_in_the_cluster_in_between_is_a_conflict(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))
    stale = await plan_rollback(apps)
    await cluster.delete(Kind.SERVICE, apps.namespace.slug, "web")

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("Service/web",) == refusal.value.changes


@only_embedded
async def test_it_is_for_one_deploy(apps: Apps) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))
    plan = await plan_rollback(apps)
    await apps.workloads.deploy(apps.principal, plan.id, None)

    with pytest.raises(PlanExpired):
        await apps.workloads.deploy(apps.principal, plan.id, None)


WAYS: dict[str, Callable[[Apps], Awaitable[object]]] = {
    "planned": lambda apps: plan_rollback(apps, base_revision=2),
    "at once": lambda apps: apps.workloads.rollback(
        apps.principal, apps.namespace.slug, "web", 1, None, base_revision=2
    ),
}


@only_embedded
@pytest.mark.parametrize("way", WAYS)
async def test_who_takes_another_revision_for_current_is_told_what_that_would_undo(apps: Apps, way: str) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))
    await apps.deploy(replace(WEB, replicas=5))

    with pytest.raises(PlanConflict, match="Revision 3 of web is current, not revision 2") as refusal:
        await WAYS[way](apps)

    assert (("base_revision",), ("replicas",), 3) == (
        refusal.value.path,
        refusal.value.changes,
        refusal.value.revision,
    )
    assert (FieldConflict("Workload", "web", "replicas", planned="3", live="5", base="2"),) == refusal.value.conflicts
    assert [3, 2, 1] == [revision.number for revision in await apps.revisions()]


@only_embedded
async def test_who_names_the_current_revision_goes_back(apps: Apps) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))
    await plan_rollback(apps, base_revision=2)

    workload, _ = await apps.workloads.rollback(apps.principal, apps.namespace.slug, "web", 1, None, base_revision=2)

    assert 3 == workload.spec.replicas


@only_embedded
@pytest.mark.parametrize("number", [0, 1, 7])
async def test_what_never_ran_or_runs_now_is_refused_on_its_field(apps: Apps, number: int) -> None:
    await apps.deploy()

    with pytest.raises(InvalidInput) as refusal:
        await plan_rollback(apps, number)

    assert ("revision",) == refusal.value.path


@only_embedded
async def test_what_was_never_deployed_is_not_there(apps: Apps) -> None:
    with pytest.raises(NotFound):
        await plan_rollback(apps)


@only_embedded
async def test_what_no_longer_fits_is_refused_on_the_revision_without_a_fix_of_a_form(
    apps: Apps, cluster: Cluster
) -> None:
    """Two of size XL are all that a namespace has room for."""
    big = replace(WEB, size=WorkloadSize.XL, replicas=2)
    slug = apps.namespace.slug
    await apps.deploy_until_ready(big)
    await apps.workloads.scale(apps.principal, slug, "web", 0)
    await until(cluster, slug, lambda: all(q.status.used["pods"] == "0" for q in cluster.store.resource_quotas(slug)))
    await apps.deploy_until_ready(replace(big, name="other"))

    with pytest.raises(QuotaExceeded) as refusal:
        await plan_rollback(apps)

    assert (("revision",), None) == (refusal.value.path, refusal.value.fix)


@only_embedded
async def test_its_findings_are_about_the_revision(apps: Apps) -> None:
    await apps.deploy(replace(WEB, replicas=0, image="nginx:1.29"))
    await apps.deploy(replace(WEB, replicas=0))

    (finding,) = (await plan_rollback(apps)).findings

    assert (("revision",), None) == (finding.path, finding.fix)
    assert "start as root" in finding.message


@only_embedded
async def test_where_nothing_differs_the_plan_says_so(apps: Apps) -> None:
    await apps.deploy()
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 3)

    plan = await plan_rollback(apps)

    assert ((), ChangeAction.UNCHANGED) == (plan.changes, plan.action)
