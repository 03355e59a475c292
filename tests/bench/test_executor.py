"""The plain parts of a page by our executor, beside graphql-core's own, at several depths of the stack.

Python 3.11 keeps frames in chunks: where a loop of calls straddles the end of one, every call pays for a new chunk, so
that one depth says little of another. A server has room (`api.eventloop`), and these have none.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import DocumentNode, ExecutionResult, execute, parse

from graphql_schema.executor import ShortcutExecutor
from graphql_schema.pending import CountingExecutor
from tests.bench.table import table

pytestmark = pytest.mark.bench

DEPTHS = (0, 10, 20, 40, 80, 160)
ROUNDS = 25
DOCUMENT = parse("{ apps { name size ready desired phase pods { name revision isCurrent state restarts } } }")


@strawberry.type
class Pod:
    name: str
    revision: int = 1
    is_current: bool = True
    state: str = "READY"
    restarts: int = 0


@strawberry.type
class App:
    name: str
    pods: list[Pod]
    size: str = "S"
    ready: int = 3
    desired: int = 3
    phase: str = "READY"


APPS = [App(name=f"app-{app}", pods=[Pod(name=f"app-{app}-{pod}") for pod in range(3)]) for app in range(50)]


@strawberry.type
class Query:
    @strawberry.field
    def apps(self, info: strawberry.Info) -> list[App]:
        return APPS


SCHEMA = strawberry.Schema(Query)._schema


def test_plain_parts_at_several_depths() -> None:
    measured = {depth: measure(depth) for depth in DEPTHS}

    rows = [
        [str(depth), f"{ours * 1000:.2f}", f"{theirs * 1000:.2f}", f"{theirs / ours:.1f}x"]
        for depth, (ours, theirs) in measured.items()
    ]
    print(table("1,000 plain fields, in ms", ["depth of the stack", "ours", "graphql-core", "ratio"], rows))
    assert statistics.median(theirs / ours for ours, theirs in measured.values()) > 1


def measure(depth: int) -> tuple[float, float]:
    """Seconds, of our executor and of graphql-core's: medians of rounds in turn."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(at_depth(depth, lambda: timed(ShortcutExecutor)))
        theirs.append(at_depth(depth, lambda: timed(CountingExecutor)))
    return statistics.median(ours), statistics.median(theirs)


def at_depth(depth: int, function: Callable[[], float]) -> float:
    return function() if depth == 0 else at_depth(depth - 1, function)


def timed(executor: type[CountingExecutor]) -> float:
    started = time.perf_counter()
    answer(DOCUMENT, executor)
    return time.perf_counter() - started


def answer(document: DocumentNode, executor: type[CountingExecutor]) -> dict[str, Any]:
    result = execute(SCHEMA, document, executor_class=executor)
    assert isinstance(result, ExecutionResult)
    assert result.errors is None
    return result.data or {}
