"""Replies that are kept of reads: while they may be given to somebody, and no longer."""

from __future__ import annotations

from graphql_schema.reads import SharedReads
from graphql_schema.replies import Reply


async def hello() -> Reply:
    return Reply({"data": {"hello": "world"}}, executed=True)


async def test_what_is_too_old_to_be_given_is_not_kept() -> None:
    """Its key holds a whole document: small replies would be kept by the million."""
    reads = SharedReads(seconds=0)
    for number in range(100):
        await reads.read(number, 0, hello)

    assert (1, len((await hello()).encoded)) == (len(reads._kept), reads._bytes)


async def test_what_may_be_given_is_kept() -> None:
    reads = SharedReads(seconds=60)
    told = [await reads.read(number, 0, hello) for number in range(100)]

    assert all(each is reads.kept(number, 0) for number, each in enumerate(told))
