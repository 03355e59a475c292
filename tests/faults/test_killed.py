"""A process that is killed between apply and commit: another replica leaves nothing of it half-done.

SECURITY 31 and 33. The process is a real one (`moorage up`), killed while the answer to its last write is on the way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, update

from api.authorization.models import Principal
from api.clusters.objects import WORKLOAD_ID, Kind
from api.database.database import Database
from api.database.tables import IdempotencyKeyRow
from api.errors import NotFound
from api.idempotency.models import Asked
from api.manifests.models import WorkloadKind, WorkloadSpec
from api.workloads.applying import MANAGED
from api.workloads.models import RevisionState
from graphql_schema.nodes import encode_id
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.faults.figures import Figures
from tests.faults.replicas import Process, Replica, Site, processes, replica, send

pytestmark = only_embedded

DEPLOY = """mutation ($input: DeployWorkloadInput!) {
  deployWorkload(input: $input) { workload { id } revision { number state } errors { __typename message } }
}"""
RUN = """mutation ($input: RunWorkloadInput!) {
  runWorkload(input: $input) { run { name } errors { __typename message } }
}"""
TASK = WorkloadSpec(name="task", image="registry.example/task:1", kind=WorkloadKind.JOB)


@pytest.fixture
async def survivor(site: Site) -> AsyncIterator[Replica]:
    """Another replica, which lives on."""
    async with replica(site) as survivor:
        yield survivor


@pytest.fixture
async def victim(site: Site, survivor: Replica) -> AsyncIterator[Process]:
    async with processes(site, 1) as (victim,):
        yield victim


@pytest.fixture
async def apps(survivor: Replica, ada: Principal) -> Apps:
    """What Ada does by the replica that lives on."""
    return Apps(survivor.workloads, ada, await survivor.namespaces.create(ada, "shop"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Killer:
    """Kills a process while it waits for the answer to a write that is done."""

    def __init__(self, proxy: FaultyProxy, victim: Process, session: aiohttp.ClientSession, secret: str) -> None:
        self._proxy = proxy
        self._victim = victim
        self._session = session
        self._secret = secret

    async def kill_at(self, method: str, part: str, query: str, **values: Any) -> None:
        """Send it an operation, and kill it at the first write of `method` with `part` in its path."""

        def chosen(request: Seen) -> bool:
            return request.is_write and request.method == method and part in request.path

        self._proxy.fail_when(chosen, Fault.LATE)
        asked = asyncio.create_task(send(self._session, self._victim, self._secret, query, input=values), name="asked")
        await self._proxy.until_held()
        await asyncio.to_thread(self._victim.kill)
        with suppress(aiohttp.ClientError):
            await asked
        self._proxy.heal()


@pytest.fixture
def killer(proxy: FaultyProxy, victim: Process, session: aiohttp.ClientSession, secret: str) -> Killer:
    return Killer(proxy, victim, session, secret)


async def test_a_first_deploy_is_undone_by_the_sweep_of_another_replica(
    apps: Apps, survivor: Replica, killer: Killer, figures: Figures
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    await killer.kill_at("PATCH", "/deployments/", DEPLOY, planId=encode_id("WorkloadPlan", plan.id))
    left = await objects(survivor, apps)
    pending = (await apps.revisions())[0].state

    began = time.monotonic()
    await survivor.workloads.sweep(abandoned_after=timedelta(0))

    assert {"Secret", "Service", "Deployment"} == {each["kind"] for each in left}
    assert RevisionState.PENDING == pending
    assert [] == await objects(survivor, apps)
    with pytest.raises(NotFound):
        await apps.get()
    await apps.deploy(SECRETIVE)
    figures.note(33, "kill -9 between apply and commit", f"undone in {time.monotonic() - began:.2f} s, orphans 0")


async def test_a_deploy_under_a_key_is_finished_by_whoever_is_asked_again(
    *,
    apps: Apps,
    survivor: Replica,
    killer: Killer,
    site: Site,
    database: Database,
    session: aiohttp.ClientSession,
    secret: str,
    figures: Figures,
) -> None:
    await apps.deploy(SECRETIVE)
    changed = replace(SECRETIVE, image="registry.example/web:2")
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, changed)
    again = {"planId": encode_id("WorkloadPlan", plan.id), "idempotencyKey": "k"}
    await killer.kill_at("PATCH", "/deployments/", DEPLOY, **again)
    await claims_run_out(database)

    async with processes(site, 1) as (other,):
        began = time.monotonic()
        answers = await asyncio.gather(*(send(session, other, secret, DEPLOY, input=again) for _ in range(50)))
        took = time.monotonic() - began

    assert [] == [each["errors"] for each in answers if "errors" in each]
    first = answers[0]["data"]["deployWorkload"]
    assert ([], {"number": 2, "state": "APPLIED"}) == (first["errors"], first["revision"])
    assert [first] * 50 == [each["data"]["deployWorkload"] for each in answers]
    assert [(2, RevisionState.APPLIED), (1, RevisionState.APPLIED)] == [
        (each.number, each.state) for each in await apps.revisions()
    ]
    (deployment,) = await survivor.cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    assert changed.image == deployment["spec"]["template"]["spec"]["containers"][0]["image"]
    figures.note(
        31, "kill -9 between apply and commit, sent again", f"finished, one effect, 50 equal answers in {took:.2f} s"
    )


async def test_a_run_under_a_key_is_not_begun_again(
    *, apps: Apps, survivor: Replica, killer: Killer, database: Database, figures: Figures
) -> None:
    await apps.deploy(TASK)
    again = {"namespace": apps.namespace.slug, "name": "task", "idempotencyKey": "k"}
    await killer.kill_at("POST", "/jobs", RUN, **again)
    await claims_run_out(database)
    before = {each["metadata"]["name"] for each in await survivor.cluster.list(Kind.JOB, apps.namespace.slug)}

    asked = Asked.of(apps.principal, "k", "runWorkload", {"namespace": apps.namespace.slug, "name": "task"})
    _, run = await survivor.workloads.once.run(
        apps.principal,
        asked,
        lambda claim: survivor.workloads.jobs.run(apps.principal, apps.namespace.slug, "task", claim=claim),
    )

    after = {each["metadata"]["name"] for each in await survivor.cluster.list(Kind.JOB, apps.namespace.slug)}
    assert before == after
    assert 2 == len(after)
    assert run.name in after
    figures.note(31, "kill -9 after a run began, sent again", "the same run, none begun anew")


async def claims_run_out(database: Database) -> None:
    """As they do 12 s after they were made."""
    async with database.session() as session:
        await session.execute(update(IdempotencyKeyRow).values(claimed_until=func.now()))


async def objects(survivor: Replica, apps: Apps) -> list[dict[str, Any]]:
    """What is there of any app."""
    served = [kind for kind in MANAGED if survivor.cluster.serves(kind)]
    listed = [each for kind in served for each in await survivor.cluster.list(kind, apps.namespace.slug)]
    return [each for each in listed if WORKLOAD_ID in each["metadata"]["labels"]]
