"""Cutting a page out of a list, in PostgreSQL by keyset or in memory, by the rules of Relay's connections.

A cursor is the sort key of an item, so that a page behind it is right though items came and went meanwhile, and costs
the same wherever it lies: https://use-the-index-luke.com/no-offset.
"""

from __future__ import annotations

import base64
import binascii
import json
import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Tuple, UnaryExpression, and_, func, literal, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.database.cursors import encoded
from api.database.pages import MAX_PAGE_SIZE, Page, PageRequest
from api.errors import InvalidInput

T = TypeVar("T")

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]
Key = tuple[Any, ...]
"""What a list is sorted by; no two items have the same."""


def page_of(items: Iterable[T], *, key: Callable[[T], Key], request: PageRequest) -> Page[T]:
    """The page of `items` in memory, sorted by `key` (of strings and numbers), that `request` asks for."""
    ordered = sorted(items, key=key)
    within = ordered
    if request.after is not None:
        within = _compared(within, key, operator.gt, request.after, "after")
    if request.before is not None:
        within = _compared(within, key, operator.lt, request.before, "before")
    kept = _cut(within, request)
    return _page(kept, [key(item) for item in kept], len(within) > len(kept), request, total=len(ordered))


def _cut(within: Sequence[T], request: PageRequest) -> Sequence[T]:
    size = _size(request)
    return within[-size:] if request.first is None else within[:size]


def _compared(
    items: Sequence[T], key: Callable[[T], Key], compare: Callable[[Key, Key], bool], cursor: str, field: str
) -> list[T]:
    """The items whose key compares so to the cursor's; InvalidInput where it is no cursor of this list."""
    bound = _decoded(cursor, field)
    try:
        return [item for item in items if compare(key(item), bound)]
    except TypeError as error:
        raise _no_cursor(field) from error


async def keyset_page(
    session: AsyncSession,
    statement: AnySelect,
    *,
    read: Callable[[AnyRow], T],
    key: Sequence[InstrumentedAttribute[Any]],
    request: PageRequest,
    descending: bool = False,
    order: str = "",
) -> Page[T]:
    """The page of `statement`, sorted by the columns `key` (unique together), that `request` asks for.

    `read` makes an item of a row, in which the statement's own columns come first. One statement, the total included;
    a second one only where the page is empty. Where the list has several orders, `order` names this one: a cursor of
    another is refused with InvalidInput.
    """
    backwards = request.first is None
    size = _size(request)
    total = select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()
    bounded = statement.where(*_bounds(key, request, descending=descending, order=order))
    query = bounded.order_by(*_sorted(key, ascending=descending == backwards)).limit(size + 1)
    rows = (await session.execute(query.add_columns(*key, total))).all()
    kept = rows[:size][::-1] if backwards else rows[:size]
    count = rows[0][-1] if rows else await session.scalar(select(total))
    keys = [tuple(row[-len(key) - 1 : -1]) for row in kept]
    return _page([read(row) for row in kept], keys, len(rows) > size, request, total=count or 0, order=order)


async def scanned_page(
    session: AsyncSession,
    statement: AnySelect,
    *,
    read: Callable[[AnyRow], T],
    admits: Callable[[T], bool],
    key: Sequence[InstrumentedAttribute[Any]],
    request: PageRequest,
    descending: bool = False,
    order: str = "",
    most: int,
) -> Page[T]:
    """The same of those items alone that `admits` lets in, for what PostgreSQL cannot know, as what a cluster shows.

    Every row is read, in one statement, so that total, order and cursors are those of `keyset_page`; InvalidInput
    where there are more than `most`.
    """
    within = and_(true(), *_bounds(key, request, descending=descending, order=order))
    query = statement.order_by(*_sorted(key, ascending=not descending)).limit(most + 1)
    rows = (await session.execute(query.add_columns(*key, within))).all()
    if len(rows) > most:
        raise InvalidInput(f"The filter would go through more than {most} items. Narrow it down.", path=("filter",))
    admitted = [(item, row) for row in rows if admits(item := read(row))]
    inside = [each for each in admitted if each[1][-1]]
    kept = _cut(inside, request)
    keys = [tuple(row[-len(key) - 1 : -1]) for _, row in kept]
    has_more = len(inside) > len(kept)
    return _page([item for item, _ in kept], keys, has_more, request, total=len(admitted), order=order)


def _sorted(key: Sequence[InstrumentedAttribute[Any]], *, ascending: bool) -> list[UnaryExpression[Any]]:
    return [column.asc() if ascending else column.desc() for column in key]


def _bounds(
    columns: Sequence[InstrumentedAttribute[Any]], request: PageRequest, *, descending: bool, order: str
) -> list[ColumnElement[bool]]:
    """That a row lies behind the one cursor, and ahead of the other."""
    place = tuple_(*columns)
    bounds: list[ColumnElement[bool]] = []
    if request.after is not None:
        after = _place(columns, request.after, "after", order)
        bounds.append(place < after if descending else place > after)
    if request.before is not None:
        before = _place(columns, request.before, "before", order)
        bounds.append(place > before if descending else place < before)
    return bounds


def _place(columns: Sequence[InstrumentedAttribute[Any]], cursor: str, field: str, order: str) -> Tuple:
    """The cursor's key as SQL, each value of its column's type; InvalidInput where it is no cursor of this list."""
    try:
        values = [
            literal(_PARSERS[column.type.python_type](value), column.type)
            for column, value in zip(columns, _decoded(cursor, field, order), strict=True)
        ]
    except (TypeError, ValueError, AttributeError) as error:
        raise _no_cursor(field) from error
    return tuple_(*values)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text of PostgreSQL's")
    value.encode()  # a lone surrogate is a ValueError too
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise ValueError("out of the range of an integer column")
    return value


def _time(value: str) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError("a time without its zone")
    return time


# Cursors come from callers: whatever PostgreSQL would choke on is refused here.
_PARSERS: dict[type, Callable[[Any], Any]] = {
    UUID: UUID,
    datetime: _time,
    int: _integer,
    str: _text,
}


def _size(request: PageRequest) -> int:
    size = request.first if request.first is not None else request.last
    return max(1, min(MAX_PAGE_SIZE, size or 0))


def _page(
    items: Sequence[T], keys: Sequence[Key], has_more: bool, request: PageRequest, *, total: int, order: str = ""
) -> Page[T]:
    """`has_more` speaks of the direction in which the list is read."""
    backwards = request.first is None
    return Page(
        items=tuple(items),
        cursors=tuple(_encoded(key, order) for key in keys),
        has_next=request.before is not None if backwards else has_more,
        has_previous=has_more if backwards else request.after is not None,
        total=total,
    )


def _encoded(key: Key, order: str) -> str:
    named = (order, *key) if order else key
    return encoded(named)


def _decoded(cursor: str, field: str, order: str = "") -> Key:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _no_cursor(field) from error
    if not isinstance(key, list):
        raise _no_cursor(field)
    if not order:
        return tuple(key)
    if key[:1] != [order]:
        raise _no_cursor(field, " in this order")
    return tuple(key[1:])


def _no_cursor(field: str, how: str = "") -> InvalidInput:
    message = f"`{field}` is no cursor of this list{how}. Give one that a page of it carried."
    return InvalidInput(message, path=(field,))
