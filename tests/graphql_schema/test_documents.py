"""Documents made to keep a server busy are refused before any resolver runs, and at once."""

from __future__ import annotations

import time
from typing import cast

import pytest

from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.replies import Reply
from graphql_schema.schema import build_schema
from graphql_schema.services import Services

NOBODY_ASKED = cast("Services", None)  # no resolver runs: no service is asked

HOSTILE = {
    "one field again and again": "{ viewer {" + " id" * 990 + "} }",
    "many root fields": "{" + " viewer { id }" * 240 + "}",
    "many unknown fields": "{" + " ".join(f"nope{i}" for i in range(400)) + "}",
    "fragments that double": "{ ...f0 }"
    + " ".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(80))
    + "fragment f80 on Query { a: __typename }",
    "deep nesting": "{ viewer "
    + "{ namespaces(first: 1) { edges { node { owner " * 25
    + "{ id }"
    + "} } } }" * 25
    + "}",
    "nested lists": "{ node(id: " + "[" * 480 + "]" * 480 + ") { id } }",
    "too many tokens": "{ viewer { id } }" * 1_000,
    "unused variables": "query(" + " ".join(f"$v{i}: Int" for i in range(240)) + ") { __typename }",
    "pages of large pages": "{ namespaces(first: 100) { edges { node { events(first: 100) { totalCount } } } } }",
}


@pytest.fixture(scope="module")
def executor() -> Executor:
    return Executor(build_schema(), open_to_strangers=True)


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_document_is_refused_within_50_ms(executor: Executor, query: str) -> None:
    times = []

    for _ in range(3):
        start = time.perf_counter()
        reply = await refused(executor, query)
        times.append(time.perf_counter() - start)

    assert not reply.executed
    assert min(times) < 0.05


async def refused(executor: Executor, query: str) -> Reply:
    return await executor.execute(Operation(query), Context(services=NOBODY_ASKED, viewer=None, request_id="test"))


async def test_a_document_of_too_many_tokens_is_told_how_many_may_be_and_to_be_split(executor: Executor) -> None:
    reply = await refused(executor, HOSTILE["too many tokens"])

    [error] = reply.payload["errors"]
    assert "The document has more than 1000 tokens; at most 1000 are allowed. Split it." == error["message"]
    assert "GRAPHQL_PARSE_FAILED" == error["extensions"]["code"]


async def test_suggestions_are_for_those_who_may_introspect() -> None:
    messages = []

    for is_open in (True, False):
        executor = Executor(build_schema(), open_to_strangers=is_open)
        found = [await refused(executor, query) for query in ("{ viewr { id } }", "{ node(idd: 1) { id } }")]
        messages.append(" ".join(reply.payload["errors"][0]["message"] for reply in found))

    assert [True, False] == ["Did you mean" in message for message in messages]


@pytest.mark.parametrize(
    ("operation", "kept"),
    [
        (Operation("{ __typename } #" + "x" * 100_000), (0, 0)),
        (Operation("{ __typename }", {"unused": "x" * 100_000}), (1, 0)),
        (Operation("{ __typename }", {"unused": "x"}), (1, 1)),
    ],
    ids=["long text", "long variables", "short"],
)
async def test_what_is_long_is_executed_and_not_kept(operation: Operation, kept: tuple[int, int]) -> None:
    """Hundreds of documents, and of their variables, are kept: of strangers too."""
    executor = Executor(build_schema(), open_to_strangers=True)
    reply = await executor.execute(operation, Context(services=NOBODY_ASKED, viewer=None, request_id="0"))

    assert {"data": {"__typename": "Query"}} == reply.payload
    assert kept == (len(executor._documents._passed), len(executor._prepared))
