"""The explorer's examples do what they say: each is executed, in the order in which a reader is led through them.

They are files of the web app (`web/src/graphiql/examples`), which it bundles as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, OperationType, parse, validate

from api.authorization.models import Principal
from graphql_schema.allowances import Allowance
from graphql_schema.budget import Budget
from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.limits import Limits
from graphql_schema.schema import build_schema
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import ready

FOLDER = Path(__file__).parents[2] / "web" / "src" / "graphiql" / "examples"
CATALOGUE: Mapping[str, Any] = json.loads((FOLDER / "catalogue.json").read_text())
NAMES = [name for group in CATALOGUE["groups"] for name in group["examples"]]
APPS = {"deploy-workload": "tour", "rollback-workload": "tour", "deploy-disk": "tour-store"}
"""Which app has to be up before a reader goes on."""

WITHOUT = {
    "users": "administrators alone may",
    "user": "whoever asks sees themselves alone, as `viewer`",
    "nodes": "it is `node`, for several",
    "deleteVolumeClaim": "refused for a day after its app is gone, as the app could be brought back with it",
}
"""Root fields that no example has, and why."""


def query_of(name: str) -> str:
    return (FOLDER / f"{name}.graphql").read_text()


def variables_of(name: str, known: Mapping[str, str]) -> dict[str, Any]:
    """The variables with what is known in place of their placeholders, as the explorer fills them."""
    file = FOLDER / f"{name}.json"
    text = file.read_text() if file.exists() else "{}"
    for subject, value in known.items():
        text = text.replace(f'"<{subject}>"', json.dumps(value))
    variables: dict[str, Any] = json.loads(text)
    return variables


def learned(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an answer tells of what later examples are about."""
    for subject, paths in CATALOGUE["subjects"].items():
        for path in paths["made"]:
            value: Any = data
            for step in path.split("."):
                value = value.get(step) if isinstance(value, dict) else None
            if isinstance(value, str):
                yield subject, value


def operation_of(name: str) -> OperationDefinitionNode:
    (operation,) = (each for each in parse(query_of(name)).definitions if isinstance(each, OperationDefinitionNode))
    return operation


def fields_of(operation: OperationDefinitionNode) -> list[FieldNode]:
    return [each for each in operation.selection_set.selections if isinstance(each, FieldNode)]


def test_the_catalogue_and_the_folder_have_the_same_examples() -> None:
    assert sorted(NAMES) == sorted(file.stem for file in FOLDER.glob("*.graphql"))
    assert {file.stem for file in FOLDER.glob("*.json")} - {"catalogue"} <= set(NAMES)
    assert CATALOGUE["begin"] in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_what_it_is_for_and_is_valid(schema: GraphQLSchema, name: str) -> None:
    text = query_of(name)

    assert re.match(r"# \S.*\n(# \S.*\n)*\n(query|mutation|subscription) [A-Z]\w+", text)
    assert [] == validate(schema, parse(text))


def test_there_is_an_example_of_every_root_field_but_a_few(schema: GraphQLSchema) -> None:
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    shown = {each.name.value for name in NAMES for each in fields_of(operation_of(name))}

    assert {field for root in roots for field in root.fields} - shown == set(WITHOUT)


def test_a_token_can_pay_for_all_of_them_in_a_minute() -> None:
    budget = Budget(build_schema()._schema, most_items=Limits().nodes)

    costs = {name: budget.points(parse(query_of(name)), operation_of(name), {}).cost for name in NAMES}

    assert sum(costs.values()) <= Allowance().per_minute, costs


async def test_each_example_does_its_work_where_those_before_it_were_run(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    as_served = Graph(Executor(build_schema(), open_to_strangers=False), graph.services)
    known: dict[str, str] = {}

    for name in NAMES:
        variables = variables_of(name, known)
        assert not re.search(r'"<\w+>"', json.dumps(variables)), f"{name}: nothing before it tells of a placeholder"
        data = await run(as_served, ada, name, variables)
        assert_done(name, data)
        known.update(learned(data))
        if name in APPS:
            await ready(as_served, ada, known["namespace"], APPS[name])


async def run(graph: Graph, viewer: Principal, name: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The data of the answer, of a stream that of its first."""
    if operation_of(name).operation is not OperationType.SUBSCRIPTION:
        return await graph.data(query_of(name), viewer, **variables)
    context = Context(services=graph.services, viewer=viewer, request_id="test")
    async with aclosing(graph.executor.stream(Operation(query_of(name), variables), context)) as replies:
        payload = (await anext(replies)).payload
    assert "errors" not in payload, (name, payload["errors"])
    data: dict[str, Any] = payload["data"]
    return data


def assert_done(name: str, data: Mapping[str, Any]) -> None:
    """Nothing is refused, and what is asked for is there."""
    for field, value in data.items():
        assert value is not None, (name, field)
        assert not value.get("errors"), (name, field, value["errors"])
