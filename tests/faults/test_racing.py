"""Two replicas deploy one app at once, again and again: one winner a round, no lost update.

SECURITY 32. `make bench` runs 1,000 rounds, the other runs fewer.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from sqlalchemy import select

from api.authorization.models import Principal
from api.clusters.objects import REVISION, Kind
from api.database.database import Database
from api.database.tables import RevisionRow, WorkloadRow
from api.errors import PlanConflict, PlanExpired
from api.manifests.models import EnvironmentVariable, WorkloadKind, WorkloadSpec
from api.workloads.models import Revision, RevisionState, Workload
from graphql_schema.nodes import encode_id
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.workloads.apps import Apps
from tests.faults.figures import Figures
from tests.faults.replicas import Replica, Site, processes, replica, send

pytestmark = only_embedded

FEW = 40
MANY = 1000
PROCESS_ROUNDS = 6
LIMIT_SECONDS = 900
STOPPED = WorkloadSpec(name="web", image="registry.example/web:1", kind=WorkloadKind.WORKER, replicas=0)
DEPLOY = """mutation ($plan: ID!) { deployWorkload(input: {planId: $plan}) {
  revision { number } errors { __typename message }
} }"""


@pytest.fixture
async def replicas(site: Site) -> AsyncIterator[tuple[Replica, Replica]]:
    async with replica(site) as one, replica(site) as other:
        yield one, other


@pytest.fixture
async def shops(replicas: tuple[Replica, Replica], ada: Principal) -> tuple[Apps, Apps]:
    """Ada's namespace by each of the replicas."""
    namespace = await replicas[0].namespaces.create(ada, "shop")
    one, other = (Apps(each.workloads, ada, namespace) for each in replicas)
    return one, other


@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize("rounds", [FEW, pytest.param(MANY, marks=pytest.mark.bench)])
async def test_one_wins_each_round_and_no_update_is_lost(
    *, shops: tuple[Apps, Apps], replicas: tuple[Replica, Replica], database: Database, figures: Figures, rounds: int
) -> None:
    await shops[0].deploy(STOPPED)
    losers: Counter[str] = Counter()
    began = time.monotonic()

    for number in range(rounds):
        plans = await two_plans(shops, number)
        outcomes = await asyncio.gather(
            *(each.workloads.deploy(each.principal, plan, None) for each, (plan, _) in zip(shops, plans, strict=True)),
            return_exceptions=True,
        )
        (winner,) = (place for place, outcome in enumerate(outcomes) if isinstance(outcome, tuple))
        loser = outcomes[1 - winner]
        assert isinstance(loser, PlanConflict | PlanExpired), loser
        losers[type(loser).__name__] += 1
        await agrees(replicas[0], shops[0], number=number + 2, value=plans[winner][1], outcome=outcomes[winner])

    rate = rounds / (time.monotonic() - began)
    assert list(range(1, rounds + 2)) == await applied(database)
    told = ", ".join(f"{count} {name}" for name, count in sorted(losers.items()))
    figures.note(
        32, f"two replicas, {rounds} rounds", f"{rounds} winners, losers: {told}; no update lost ({rate:.1f} rounds/s)"
    )


async def test_two_processes_race_as_two_replicas_do(
    *,
    shops: tuple[Apps, Apps],
    replicas: tuple[Replica, Replica],
    site: Site,
    secret: str,
    database: Database,
    figures: Figures,
) -> None:
    await shops[0].deploy(STOPPED)
    async with processes(site, 2) as both, aiohttp.ClientSession() as session:
        for number in range(PROCESS_ROUNDS):
            plans = await two_plans(shops, number)
            ids = [encode_id("WorkloadPlan", plan) for plan, _ in plans]
            answers = await asyncio.gather(
                *(send(session, each, secret, DEPLOY, plan=plan) for each, plan in zip(both, ids, strict=True))
            )
            payloads = [each["data"]["deployWorkload"] for each in answers]
            (winner,) = (place for place, payload in enumerate(payloads) if payload["revision"])
            (refusal,) = payloads[1 - winner]["errors"]
            assert refusal["__typename"] in ("PlanConflictError", "PlanExpiredError"), refusal
            await agrees(replicas[0], shops[0], number=number + 2, value=plans[winner][1])

    assert list(range(1, PROCESS_ROUNDS + 2)) == await applied(database)
    figures.note(32, f"two processes, {PROCESS_ROUNDS} rounds", f"{PROCESS_ROUNDS} winners, no update lost")


async def test_a_deploy_that_another_replica_held_for_abandoned_and_undid_is_not_marked_as_applied(
    shops: tuple[Apps, Apps], replicas: tuple[Replica, Replica], proxy: FaultyProxy
) -> None:
    """It was slow and not dead: its last write is answered when the other has undone it."""
    await shops[0].deploy(STOPPED)
    plan = await planned(shops[0], "slow")
    before = len(proxy.seen)

    def first_write(request: Seen) -> bool:
        return request is next(each for each in proxy.seen[before:] if each.is_write)

    proxy.fail_when(lambda request: request.is_write and first_write(request), Fault.LATE)
    slow = asyncio.create_task(shops[0].workloads.deploy(shops[0].principal, plan, None), name="slow deploy")
    await proxy.until_held()

    await replicas[1].workloads.sweep(abandoned_after=timedelta(0))
    proxy.heal()

    with pytest.raises(PlanConflict, match="undone meanwhile"):
        await slow
    assert [RevisionState.FAILED, RevisionState.APPLIED] == [each.state for each in await shops[1].revisions()]
    (deployment,) = await replicas[0].cluster.list(Kind.DEPLOYMENT, shops[0].namespace.slug)
    assert "1" == deployment["metadata"]["annotations"][REVISION]


async def two_plans(shops: tuple[Apps, Apps], number: int) -> list[tuple[UUID, str]]:
    """A plan of each replica's, with its value; every fifth time one plan for both."""
    values = [f"{number}-by-{place}" for place in range(2)]
    if number % 5 == 0:
        plan = await planned(shops[0], values[0])
        return [(plan, values[0])] * 2
    plans = await asyncio.gather(*(planned(each, value) for each, value in zip(shops, values, strict=True)))
    return list(zip(plans, values, strict=True))


async def planned(apps: Apps, value: str) -> UUID:
    spec = replace(STOPPED, environment=(EnvironmentVariable("VALUE", value),))
    return (await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)).id


async def agrees(
    replica: Replica, apps: Apps, *, number: int, value: str, outcome: tuple[Workload, Revision] | Any = None
) -> None:
    """The rows and the cluster have what the winner deployed, and so was the winner told."""
    if outcome is not None:
        assert (number, RevisionState.APPLIED) == (outcome[1].number, outcome[1].state)
    record = await apps.get()
    assert (EnvironmentVariable("VALUE", value),) == record.spec.environment
    (deployment,) = await replica.cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert str(number) == deployment["metadata"]["annotations"][REVISION]
    assert [{"name": "VALUE", "value": value}] == container["env"]


async def applied(database: Database) -> list[int]:
    """The numbers of all revisions, each applied, and the last one current."""
    async with database.session() as session:
        rows = list(await session.execute(select(RevisionRow.number, RevisionRow.state).order_by(RevisionRow.number)))
        current = await session.scalar(select(WorkloadRow.current_revision))
    assert {RevisionState.APPLIED.value} == {state for _, state in rows}
    assert rows[-1][0] == current
    return [number for number, _ in rows]
