"""Rollbacks in the graph: planned, deployed, refused with a type and a path, and done once for each key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.authorization.models import Principal
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import namespaced

ERRORS = "errors { __typename message path ... on PlanConflictError { changes revision author { email } } }"
PLAN = """
mutation ($input: PlanWorkloadInput!) { planWorkload(input: $input) { plan { id sourceRevision baseRevision } } }
"""
PLAN_ROLLBACK = f"""
mutation ($input: PlanRollbackInput!) {{
  planRollback(input: $input) {{
    plan {{
      id action expiresAt baseRevision sourceRevision
      changes {{ path action before after }}
      manifests {{ kind yaml }}
      diff {{ kind action changes {{ path before after }} }}
      quota {{ resource after fits }}
      findings {{ severity message path fix {{ label }} }}
    }}
    {ERRORS}
  }}
}}
"""
DEPLOY = f"""
mutation ($input: DeployWorkloadInput!) {{
  deployWorkload(input: $input) {{
    workload {{ spec {{ image }} }} revision {{ id number cause sourceRevision message }} {ERRORS}
  }}
}}
"""
ROLLBACK = f"""
mutation ($input: RollbackWorkloadInput!) {{
  rollbackWorkload(input: $input) {{ revision {{ id number cause sourceRevision }} {ERRORS} }}
}}
"""
FIRST = {
    "name": "web",
    "image": "registry.example/web:1",
    "replicas": 0,
    "environment": [{"name": "MODE", "value": "old"}],
    "secrets": [{"name": "TOKEN", "value": "hunter2-of-then"}],
    "secretFiles": [{"path": "/etc/key", "content": "hunter2-file-of-then"}],
}
SECOND = {
    **FIRST,
    "secrets": [{"name": "TOKEN", "value": "hunter2-of-now"}],
    "secretFiles": [{"path": "/etc/key", "content": "hunter2-file-of-now"}],
}


class Developer:
    """Ada at work on the app `web`."""

    def __init__(self, graph: Graph, ada: Principal, slug: str) -> None:
        self._graph = graph
        self._ada = ada
        self._app = {"namespace": slug, "name": "web"}

    async def deploys(self, workload: dict[str, Any]) -> None:
        plan = await self._sends(PLAN, "planWorkload", namespace=self._app["namespace"], workload=workload)
        assert plan["plan"]["sourceRevision"] is None
        assert [] == (await self.deploys_plan(plan["plan"]["id"]))["errors"]

    async def deploys_plan(self, plan_id: str, **rest: Any) -> dict[str, Any]:
        return await self._sends(DEPLOY, "deployWorkload", planId=plan_id, **rest)

    async def plans_rollback(self, revision: int = 1, **rest: Any) -> dict[str, Any]:
        return await self._sends(PLAN_ROLLBACK, "planRollback", **{**self._app, "revision": revision, **rest})

    async def rolls_back(self, revision: int = 1, **rest: Any) -> dict[str, Any]:
        return await self._sends(ROLLBACK, "rollbackWorkload", **self._app, revision=revision, **rest)

    async def _sends(self, query: str, field: str, **values: Any) -> dict[str, Any]:
        payload: dict[str, Any] = (await self._graph.data(query, self._ada, input=values))[field]
        return payload


@pytest.fixture
async def developer(graph: Graph) -> Developer:
    ada = await graph.sign_up("ada")
    return Developer(graph, ada, await namespaced(graph, ada, "team"))


async def test_a_rollback_of_secrets_alone_is_told_by_their_names(developer: Developer) -> None:
    await developer.deploys(FIRST)
    await developer.deploys(SECOND)

    payload = await developer.plans_rollback()

    plan, hidden = payload["plan"], json.dumps("(redacted)")
    assert ([], "UPDATE", 2, 1) == (payload["errors"], plan["action"], plan["baseRevision"], plan["sourceRevision"])
    assert [
        {"path": "secrets[TOKEN]", "action": "UPDATE", "before": hidden, "after": hidden},
        {"path": "secretFiles[/etc/key]", "action": "UPDATE", "before": hidden, "after": hidden},
    ] == plan["changes"]
    assert all(each["fits"] for each in plan["quota"])
    assert plan["manifests"]
    assert plan["diff"]
    assert "hunter2" not in json.dumps(payload)


async def test_it_is_deployed_as_any_plan_and_its_revision_names_the_one_of_then(developer: Developer) -> None:
    await developer.deploys(FIRST)
    await developer.deploys({**FIRST, "image": "registry.example/web:2"})
    plan = (await developer.plans_rollback(baseRevision=2))["plan"]

    payload = await developer.deploys_plan(plan["id"], message="back")

    assert ([], {"spec": {"image": "registry.example/web:1"}}) == (payload["errors"], payload["workload"])
    assert {"number": 3, "cause": "ROLLBACK", "sourceRevision": 1, "message": "back"}.items() <= payload[
        "revision"
    ].items()


async def test_a_teammates_revision_in_between_is_a_conflict(developer: Developer) -> None:
    await developer.deploys(FIRST)
    await developer.deploys({**FIRST, "environment": []})
    plan = (await developer.plans_rollback())["plan"]
    await developer.deploys({**FIRST, "environment": [], "image": "registry.example/web:teammate"})

    payload = await developer.deploys_plan(plan["id"])

    (error,) = payload["errors"]
    assert ("PlanConflictError", ["planId"], ["image"], 3, {"email": "ada@example.com"}) == (
        error["__typename"],
        error["path"],
        error["changes"],
        error["revision"],
        error["author"],
    )


async def test_a_rollback_from_another_revision_than_the_current_one_is_a_conflict_on_its_field(
    developer: Developer,
) -> None:
    await developer.deploys(FIRST)
    await developer.deploys({**FIRST, "environment": []})
    await developer.deploys({**FIRST, "image": "registry.example/web:teammate"})

    planned = await developer.plans_rollback(baseRevision=2)
    rolled_back = await developer.rolls_back(baseRevision=2)

    for payload in (planned, rolled_back):
        assert [("PlanConflictError", ["baseRevision"], 3)] == [
            (error["__typename"], error["path"], error["revision"]) for error in payload["errors"]
        ]


async def test_refusals_name_their_fields(developer: Developer) -> None:
    await developer.deploys(FIRST)

    unknown = await developer.plans_rollback(7)
    absent = await developer.plans_rollback(name="nothing")

    assert [("InvalidInputError", ["revision"])] == [(each["__typename"], each["path"]) for each in unknown["errors"]]
    assert [("NotFoundError", ["name"])] == [(each["__typename"], each["path"]) for each in absent["errors"]]


async def test_a_rollback_is_done_once_for_each_key(developer: Developer) -> None:
    await developer.deploys(FIRST)
    await developer.deploys(SECOND)
    plan_id = (await developer.plans_rollback())["plan"]["id"]

    deployed = [await developer.deploys_plan(plan_id, idempotencyKey="back") for _ in range(2)]
    rolled_back = [await developer.rolls_back(2, baseRevision=3, idempotencyKey="forth") for _ in range(2)]
    other = await developer.rolls_back(2, baseRevision=4, idempotencyKey="forth")

    assert (3, deployed[0]) == (deployed[0]["revision"]["number"], deployed[1])
    assert (4, rolled_back[0]) == (rolled_back[0]["revision"]["number"], rolled_back[1])
    assert ["IdempotencyConflictError"] == [each["__typename"] for each in other["errors"]]
