"""A request that is sent again under its key is done once, and answered the same.

SECURITY 31; what a killed process leaves is in `test_killed.py`.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.tables import IdempotencyKeyRow, NamespaceRow, RevisionRow, WorkloadRow
from api.manifests.models import Schedule, WorkloadKind, WorkloadSpec
from graphql_schema.nodes import encode_id
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.faults.figures import Figures
from tests.graphql_schema.conftest import Graph

pytestmark = only_embedded

AT_ONCE = 50
TASK = WorkloadSpec(name="task", image="registry.example/task:1", kind=WorkloadKind.JOB)
NIGHTLY = WorkloadSpec(
    name="nightly", image="registry.example/task:1", kind=WorkloadKind.SCHEDULED_JOB, schedule=Schedule("0 3 * * *")
)
INPUTS: dict[str, dict[str, Any]] = {
    "scaleWorkload": {"name": "web", "replicas": 2},
    "restartWorkload": {"name": "web"},
    "rollbackWorkload": {"name": "web", "revision": 1, "message": "back"},
    "runWorkload": {"name": "task"},
    "pauseWorkload": {"name": "nightly"},
    "resumeWorkload": {"name": "nightly"},
    "deleteWorkload": {"name": "web"},
}
ANSWERS = {
    "deployWorkload": "workload { id } revision { id number }",
    "rollbackWorkload": "workload { id } revision { id number }",
    "runWorkload": "workload { id } run { id name }",
    "deleteWorkload": "deletedId",
    "createNamespace": "namespace { id slug }",
}


class Sender:
    """Sends one developer's mutations."""

    def __init__(self, graph: Graph, principal: Principal) -> None:
        self._graph = graph
        self._principal = principal

    async def __call__(self, name: str, key: str, /, **values: Any) -> dict[str, Any]:
        """What a mutation answers."""
        answer = ANSWERS.get(name, "workload { id }")
        type_ = f"{name[0].upper()}{name[1:]}Input!"
        query = f"mutation ($input: {type_}) {{ {name}(input: $input) {{ {answer} errors {{ __typename path }} }} }}"
        sent = {**values, "idempotencyKey": key}
        payload: dict[str, Any] = (await self._graph.data(query, self._principal, input=sent))[name]
        return payload


@pytest.fixture
def send(graph: Graph, ada: Principal) -> Sender:
    return Sender(graph, ada)


async def effects(database: Database, cluster: Cluster, slug: str) -> int:
    """How many revisions, deletions, namespaces and runs there are."""
    async with database.session() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(RevisionRow)),
            await session.scalar(select(func.count()).where(WorkloadRow.deleted_at.is_not(None))),
            await session.scalar(select(func.count()).select_from(NamespaceRow)),
        ]
    return sum(map(int, filter(None, counts))) + len(await cluster.list(Kind.JOB, slug))


async def test_of_50_at_once_one_is_done_and_all_are_answered_the_same(
    *, apps: Apps, send: Sender, database: Database, cluster: Cluster, figures: Figures
) -> None:
    await apps.deploy(SECRETIVE)
    for spec in (TASK, NIGHTLY):
        await apps.deploy(spec)
    slug, seconds = apps.namespace.slug, []
    plan = await apps.workloads.plan(apps.principal, slug, SECRETIVE)
    inputs: dict[str, dict[str, Any]] = {
        "createNamespace": {"name": "second"},
        "deployWorkload": {"planId": encode_id("WorkloadPlan", plan.id)},
        **{name: {"namespace": slug, **values} for name, values in INPUTS.items()},
    }

    for name, values in inputs.items():
        before, began = await effects(database, cluster, slug), time.monotonic()
        answers = await asyncio.gather(*(send(name, f"key-of-{name}", **values) for _ in range(AT_ONCE)))
        seconds.append(time.monotonic() - began)

        assert [] == answers[0]["errors"], name
        assert 1 == len({msgspec.json.encode(answer) for answer in answers}), name
        assert answers[0] == await send(name, f"key-of-{name}", **values)
        assert before + 1 == await effects(database, cluster, slug), name
    figures.note(
        31,
        f"{AT_ONCE} at once under one key, {len(inputs)} mutations",
        f"one effect and {AT_ONCE} equal answers each, in {max(seconds):.2f} s at most",
    )


async def test_the_same_key_for_something_else_is_a_conflict(apps: Apps, send: Sender, figures: Figures) -> None:
    await apps.deploy(SECRETIVE)
    web = {"namespace": apps.namespace.slug, "name": "web"}
    await send("scaleWorkload", "k", **web, replicas=2)

    refused = [await send("scaleWorkload", "k", **web, replicas=3), await send("restartWorkload", "k", **web)]

    conflict = [{"__typename": "IdempotencyConflictError", "path": ["idempotencyKey"]}]
    assert [conflict, conflict] == [each["errors"] for each in refused]
    assert 2 == (await apps.get()).spec.replicas
    figures.note(31, "same key, other input", "IdempotencyConflictError (CONFLICT), nothing done")


async def test_a_key_is_its_users_own(apps: Apps, graph: Graph, eve: Principal, send: Sender) -> None:
    ours = await send("createNamespace", "k", name="mine")
    theirs = await Sender(graph, eve)("createNamespace", "k", name="mine")

    assert ours["namespace"]["id"] != theirs["namespace"]["id"]


async def test_a_request_that_failed_has_done_nothing_and_frees_its_key(apps: Apps, send: Sender) -> None:
    await apps.deploy(SECRETIVE)
    web = {"namespace": apps.namespace.slug, "name": "web"}

    refused = await send("scaleWorkload", "k", **web, replicas=-1)
    done = await send("scaleWorkload", "k", **web, replicas=2)

    assert ["InvalidInputError"] == [error["__typename"] for error in refused["errors"]]
    assert [] == done["errors"]


async def test_a_change_whose_answer_was_lost_on_the_way_from_the_cluster_can_be_sent_again(
    apps: Apps, graph: Graph, send: Sender, proxy: FaultyProxy, cluster: Cluster
) -> None:
    """The run began, and nobody knows: sent again under its key, it is found and not begun anew."""
    await apps.deploy(TASK)
    task = {"namespace": apps.namespace.slug, "name": "task"}
    proxy.fail_when(lambda request: request.is_creation and request.path.endswith("/jobs"), Fault.ANSWER_LOST)
    query = "mutation ($input: RunWorkloadInput!) { runWorkload(input: $input) { __typename } }"
    assert ["UNAVAILABLE"] == await graph.codes(query, apps.principal, input={**task, "idempotencyKey": "k"})
    proxy.heal()

    found = await send("runWorkload", "k", **task)

    jobs = [each["metadata"]["name"] for each in await cluster.list(Kind.JOB, apps.namespace.slug)]
    assert 2 == len(jobs)
    assert found["run"]["name"] in jobs
    await cluster.delete(Kind.JOB, apps.namespace.slug, found["run"]["name"])
    assert ["NotFoundError"] == [error["__typename"] for error in (await send("runWorkload", "k", **task))["errors"]]


async def test_a_key_is_forgotten_after_24_hours(apps: Apps, send: Sender, database: Database) -> None:
    await apps.deploy(SECRETIVE)
    web = {"namespace": apps.namespace.slug, "name": "web"}
    await send("restartWorkload", "k", **web)
    async with database.session() as session:
        past = IdempotencyKeyRow.created_at - timedelta(hours=24, seconds=1)
        await session.execute(update(IdempotencyKeyRow).values(created_at=past))

    await send("restartWorkload", "k", **web)

    assert [3, 2, 1] == [revision.number for revision in await apps.revisions()]


@pytest.mark.parametrize("key", ["", "two words", "ü", "k" * 129])
async def test_a_key_that_is_none_is_refused_and_named(send: Sender, apps: Apps, key: str) -> None:
    refused = await send("createNamespace", key, name="another")

    assert [{"__typename": "InvalidInputError", "path": ["idempotencyKey"]}] == refused["errors"]
