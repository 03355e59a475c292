"""Another's app and none at all look alike; secrets come back to nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text

from api.authorization.models import Principal, Scope
from api.clusters.cluster import Cluster
from api.database.database import Database
from api.database.pages import PageRequest
from api.errors import Forbidden, NotFound, PlanExpired
from api.workloads.models import WorkloadPhase
from api.workloads.service import WorkloadService
from tests.api.manifests.specs import DATABASE, NIGHTLY
from tests.api.proxy import FaultyProxy
from tests.api.servers import only_embedded
from tests.api.workloads.apps import CANARY, SECRETIVE, WEB, Apps

pytestmark = only_embedded

Call = Callable[[WorkloadService, Principal, str, str], Awaitable[object]]


async def _first(workloads: WorkloadService, principal: Principal, slug: str, name: str) -> object:
    return await anext(workloads.watch(principal, slug, name))


async def _first_of_all(workloads: WorkloadService, principal: Principal, slug: str, name: str) -> object:
    return await anext(workloads.watch_namespace(principal, slug))


BY_NAME: dict[str, Call] = {
    "get": lambda w, p, slug, name: w.get(p, slug, name),
    "revisions": lambda w, p, slug, name: w.revisions(p, slug, name, PageRequest()),
    "manifest": lambda w, p, slug, name: w.manifest(p, slug, name),
    "plan": lambda w, p, slug, _: w.plan(p, slug, WEB),
    "scale": lambda w, p, slug, name: w.scale(p, slug, name, 1),
    "restart": lambda w, p, slug, name: w.restart(p, slug, name),
    "run": lambda w, p, slug, name: w.jobs.run(p, slug, name),
    "suspend": lambda w, p, slug, name: w.jobs.suspend(p, slug, name, suspended=True),
    "plan_rollback": lambda w, p, slug, name: w.plan_rollback(p, slug, name, 1),
    "rollback": lambda w, p, slug, name: w.rollback(p, slug, name, 1, None),
    "delete": lambda w, p, slug, name: w.delete(p, slug, name),
    "watch": _first,
    "watch_namespace": _first_of_all,
}


CHANGING = ["plan", "scale", "restart", "run", "suspend", "plan_rollback", "rollback", "delete"]


@pytest.mark.parametrize("method", BY_NAME)
async def test_anothers_app_looks_like_none_at_all(apps: Apps, eve: Principal, method: str) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    call = BY_NAME[method]

    with pytest.raises(NotFound) as foreign:
        await call(apps.workloads, eve, apps.namespace.slug, "web")
    with pytest.raises(NotFound) as absent:
        await call(apps.workloads, eve, "no-such-slug", "web")

    assert absent.value.message == foreign.value.message


async def test_anothers_namespace_is_not_listed(apps: Apps, eve: Principal) -> None:
    await apps.deploy_until_ready(SECRETIVE)

    assert 1 == (await apps.workloads.list(apps.principal, apps.namespace, PageRequest(first=1))).total
    with pytest.raises(NotFound):
        await apps.workloads.list(eve, apps.namespace, PageRequest(first=1))


async def test_ids_of_anothers_look_like_ids_of_nothing(apps: Apps, cluster: Cluster, eve: Principal) -> None:
    workload = await apps.deploy_until_ready(SECRETIVE)
    (revision,) = await apps.revisions()
    (pod,) = await apps.pods()
    event = cluster.store.events(apps.namespace.slug)[0]
    await apps.deploy_until_ready(NIGHTLY)
    _, run = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, NIGHTLY.name)
    database = await apps.deploy_until_ready(DATABASE)
    (claim,) = apps.workloads.volumes.of_workload(database, PageRequest(first=9)).items
    nothing = uuid4()
    calls: list[
        tuple[
            Callable[[Principal, UUID], Awaitable[object]] | Callable[[Principal, str], Awaitable[object]], UUID | str
        ]
    ] = [
        (apps.workloads.get_by_id, workload.id),
        (apps.workloads.revision_by_id, revision.id),
        (apps.workloads.pod_by_uid, pod.uid),
        (apps.workloads.pod_manifest, pod.uid),
        (apps.workloads.event_by_uid, event.metadata.uid),
        (apps.workloads.jobs.run_by_uid, run.uid),
        (apps.workloads.volumes.by_uid, claim.uid),
    ]

    for call, id_ in calls:
        await call(apps.principal, id_)  # type: ignore[arg-type]  # each id is of its own call
        with pytest.raises(NotFound) as foreign:
            await call(eve, id_)  # type: ignore[arg-type]  # as above
        with pytest.raises(NotFound) as absent:
            await call(eve, nothing if isinstance(id_, UUID) else str(nothing))  # type: ignore[arg-type]  # as above
        assert absent.value.message == foreign.value.message, call


async def test_anothers_plan_cannot_be_deployed(apps: Apps, eve: Principal) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    with pytest.raises(PlanExpired) as foreign:
        await apps.workloads.deploy(eve, plan.id, None)
    with pytest.raises(PlanExpired) as absent:
        await apps.workloads.deploy(eve, uuid4(), None)

    assert absent.value.message == foreign.value.message


@pytest.mark.parametrize("method", CHANGING)
async def test_a_credential_for_reading_changes_nothing(apps: Apps, method: str) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    reader = Principal(
        user_id=apps.principal.user_id, email="", role=apps.principal.role, scopes=frozenset({Scope.READ})
    )

    with pytest.raises(Forbidden):
        await BY_NAME[method](apps.workloads, reader, apps.namespace.slug, "web")
    assert "web" == (await apps.workloads.get(reader, apps.namespace.slug, "web")).name


@pytest.mark.parametrize("method", CHANGING)
async def test_an_administrator_reads_and_changes_nothing(apps: Apps, administrator: Principal, method: str) -> None:
    await apps.deploy_until_ready(SECRETIVE)

    with pytest.raises(Forbidden):
        await BY_NAME[method](apps.workloads, administrator, apps.namespace.slug, "web")
    assert "web" == (await apps.workloads.get(administrator, apps.namespace.slug, "web")).name


async def test_a_secret_is_found_nowhere_but_in_its_secret(
    *,
    apps: Apps,
    cluster: Cluster,
    database: Database,
    proxy: FaultyProxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The canary goes in by a plan, and is sought in everything that comes out, is stored, sent or logged."""
    caplog.set_level(logging.DEBUG)
    w, ada, slug = apps.workloads, apps.principal, apps.namespace.slug

    plan = await w.plan(ada, slug, SECRETIVE)
    outcome = await w.deploy(ada, plan.id, None)
    ready = await apps.reach("web", WorkloadPhase.READY)
    second_plan = await w.plan(ada, slug, SECRETIVE)
    scaled = await w.scale(ada, slug, "web", 2)
    (pod, *_) = await apps.pods()
    told = [
        plan,
        outcome,
        ready,
        second_plan,
        scaled,
        await apps.revisions(),
        await w.manifest(ada, slug, "web"),
        await w.pod_manifest(ada, pod.uid),
        w.events_of(scaled, PageRequest()),
    ]

    encoded = "Y2FuYXJ5LTViMGYyYzll"  # the canary in base64, as a Secret's data has it
    for secret in (CANARY, encoded):
        assert secret not in json.dumps(msgspec.to_builtins(told))
        assert secret not in caplog.text
        assert secret not in await _everything_stored(database)
        elsewhere = [
            request.path for request in proxy.seen if secret.encode() in request.body and "/secrets" not in request.path
        ]
        assert [] == elsewhere


async def _everything_stored(database: Database) -> str:
    """Every row of every table that a spec or a secret might be in, as text and as bytes."""
    async with database.session() as session:
        rows = [
            (await session.execute(text(f"SELECT * FROM {table}"))).all()
            for table in ("plans", "revisions", "workloads", "namespaces")
        ]
    return repr(rows)
