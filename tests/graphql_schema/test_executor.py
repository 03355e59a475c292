"""The short ways of our executor change nothing but the time: every answer is the one that graphql-core gives."""

from __future__ import annotations

import gc
import weakref
from enum import Enum
from inspect import isawaitable
from typing import Any, cast

import pytest
import strawberry
from graphql import ExecutionResult, Executor, execute, parse

from graphql_schema.executor import ShortcutExecutor
from graphql_schema.pending import CountingExecutor, Pending


@strawberry.enum
class Flag(Enum):
    RED = "red"
    WHITE = "white"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Berth(Named):
    depth: float
    taken: bool
    number: int
    flag: Flag | None = None
    moored: list[str] = strawberry.field(default_factory=list)

    @strawberry.field
    async def slowly(self) -> str:
        return self.name

    @strawberry.field
    async def sinks(self) -> str:
        raise ValueError("it sank")


NORTH = Berth(name="north", depth=4.5, taken=True, number=1, flag=Flag.RED, moored=["a", "b"])


@strawberry.type
class Broken:
    """Values that are not what their types say."""

    missing: str = cast("str", None)
    oversized: int = 2**40
    unknown: Flag = cast("Flag", "green")

    @strawberry.field
    def hollow(self) -> Berth:
        return cast("Berth", None)

    @strawberry.field
    def hollow_where_it_may_be(self) -> Berth | None:
        return None


@strawberry.type
class Fleet:
    """Plain but for what may lie in it."""

    berths: list[Berth]
    lost: list[Broken | None]
    flags: list[Flag]


@strawberry.type
class Query:
    @strawberry.field
    async def fleet(self) -> Fleet:
        return Fleet(berths=[NORTH, NORTH], lost=[None, Broken()], flags=[Flag.WHITE, Flag.RED])

    @strawberry.field
    async def berths(self) -> list[Berth]:
        return [NORTH, Berth(name="south", depth=3, taken=False, number=2)]

    @strawberry.field
    def named(self) -> Named:
        return NORTH

    @strawberry.field
    def broken(self) -> Broken | None:
        return Broken()

    @strawberry.field
    def several(self) -> list[Broken | None]:
        return [Broken(), None]


class Context:
    """What our executors find in the context."""

    def __init__(self) -> None:
        self.pending = Pending()


SCHEMA = strawberry.Schema(Query, types=[Berth])

DOCUMENTS = [
    "{ berths { number taken depth name flag moored } }",
    "{ berths { slowly second: name number first: name again: slowly __typename } }",
    "{ berths { ... on Named { name } depth } named { __typename name ... on Berth { depth slowly } } }",
    "{ berths { name sinks } }",
    "{ broken { missing } }",
    "{ broken { oversized } several { oversized } }",
    "{ fleet { berths { name number } lost { missing } } }",
    "{ fleet { __typename flags lost { oversized name: __typename } } }",
    "{ broken { unknown } }",
    "{ broken { hollow { name } } }",
    "{ broken { hollowWhereItMayBe { name } } }",
    "query ($with: Boolean = false) { berths { name @include(if: $with) number @skip(if: $with) } }",
]


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_the_answer_is_graphql_cores_own(document: str) -> None:
    expected = await answer(document, CountingExecutor)

    actual = await answer(document, ShortcutExecutor)

    assert expected.formatted == actual.formatted
    assert key_order(expected.data) == key_order(actual.data)


async def test_plain_parts_are_read_off_their_source() -> None:
    class Watched(ShortcutExecutor):
        long_ways: list[str] = []

        def execute_field(self, parent_type: Any, source: Any, field_details_list: Any, path: Any, *rest: Any) -> Any:
            self.long_ways.append(field_details_list[0].node.name.value)
            return super().execute_field(parent_type, source, field_details_list, path, *rest)

    await answer("{ berths { name number slowly flag } fleet { flags berths { name } } }", Watched)

    assert ["berths", "fleet", "slowly", "slowly"] == Watched.long_ways


@pytest.mark.parametrize("document", ["{ berths { name } }", "{ berths { name slowly } }"])
async def test_what_belongs_to_an_operation_is_let_go_with_it_and_waits_for_no_garbage_collection(
    document: str,
) -> None:
    context = Context()
    gone = weakref.ref(context)
    gc.disable()
    try:
        await answer(document, ShortcutExecutor, context)
        del context

        assert gone() is None
    finally:
        gc.enable()


async def answer(document: str, executor: type[Executor[Any]], context: Context | None = None) -> ExecutionResult:
    result = execute(
        SCHEMA._schema,
        parse(document),
        context_value=context or Context(),
        executor_class=executor,
    )
    finished = await result if isawaitable(result) else result
    assert isinstance(finished, ExecutionResult)
    return finished


def key_order(data: Any) -> Any:
    """The same with lists of pairs for objects: dictionaries are equal in any order."""
    if isinstance(data, dict):
        return [(name, key_order(value)) for name, value in data.items()]
    return [key_order(item) for item in data] if isinstance(data, list) else data
