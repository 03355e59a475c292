"""Lists, as the Relay cursor connections specification has them: https://relay.dev/graphql/connections.htm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import strawberry
from graphql import GraphQLError, Node

from api.database.pages import MAX_PAGE_SIZE, Page, PageRequest
from api.error_codes import ErrorCode

T = TypeVar("T")
M = TypeVar("M")

First = Annotated[
    int | None, strawberry.argument(description="How many items from the front, 1 to 100. Give this or `last`.")
]
After = Annotated[str | None, strawberry.argument(description="Only items behind this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="How many items from the end, 1 to 100. Give this or `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only items ahead of this cursor.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether items follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether items precede this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item; null on an empty page.")


@strawberry.type(description="One item of a list, and its place in it.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="The item's place, to be given as `after` or `before`.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items of this page, in list order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(description="How many items the whole list has.")

    @classmethod
    def empty(cls) -> Connection[T]:
        """The one page of a list that has nothing in it."""
        info = PageInfo(has_next_page=False, has_previous_page=False, start_cursor=None, end_cursor=None)
        return Connection(edges=[], page_info=info, total_count=0)

    @classmethod
    def from_page(cls, page: Page[M], wrap: Callable[[M], T]) -> Connection[T]:
        """A connection of `page`, each item turned into its type by `wrap`."""
        edges = [Edge(cursor=cursor, node=wrap(item)) for item, cursor in zip(page.items, page.cursors, strict=True)]
        info = PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )
        return Connection(edges=edges, page_info=info, total_count=page.total)


def page_size(field: str, first: int | None, last: int | None, *, node: Node | None = None) -> int:
    """How many items the arguments of `field` ask for; GraphQLError unless exactly one is given, from 1 to 100."""
    size = first if last is None else last
    if size is None or (first is not None and last is not None):
        raise _refused(f"{field}: give either `first` or `last`, from 1 to {MAX_PAGE_SIZE}.", node)
    if not 1 <= size <= MAX_PAGE_SIZE:
        argument = "first" if last is None else "last"
        raise _refused(f"{field}: `{argument}` is {size}; it must be from 1 to {MAX_PAGE_SIZE}.", node)
    return size


def _refused(message: str, node: Node | None) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": ErrorCode.BAD_USER_INPUT})


def page_request(
    field: str, *, first: int | None, after: str | None, last: int | None, before: str | None
) -> PageRequest:
    """The page that the arguments of the connection `field` ask for."""
    page_size(field, first, last)
    return PageRequest(first=first, after=after, last=last, before=before)
