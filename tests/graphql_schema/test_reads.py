"""What is promised of replies that are kept: they are let go once nobody is given them any more."""

from __future__ import annotations

import gc
import weakref

from graphql_schema.reads import SharedReads
from graphql_schema.replies import Reply


async def test_a_reply_that_is_over_is_let_go_with_the_next() -> None:
    reads = SharedReads(seconds=0)
    first = await read(reads, "first")
    is_there = weakref.ref(first)
    del first

    await read(reads, "second")

    gc.collect()
    assert None is is_there()


async def test_the_oldest_go_where_there_are_too_many() -> None:
    size = len(reply().encoded)
    reads = SharedReads(seconds=60, most_bytes=2 * size)

    for key in ("first", "second", "third"):
        await read(reads, key)

    assert [False, True, True] == [reads.kept(key, 1) is not None for key in ("first", "second", "third")]


async def read(reads: SharedReads, key: str) -> Reply:
    async def execute() -> Reply:
        return reply()

    return await reads.read(key, 1, execute)


def reply() -> Reply:
    return Reply.of({"data": {"viewer": None}}, executed=True)
