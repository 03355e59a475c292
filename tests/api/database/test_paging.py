"""Pages of a list, in memory and in PostgreSQL."""

from __future__ import annotations

import base64
import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page, page_of
from api.database.tables import UserRow
from api.errors import InvalidInput

LETTERS = "abcdefg"


def page_of_letters(request: PageRequest, letters: str = LETTERS) -> Page[str]:
    return page_of(letters, key=lambda letter: (letter,), request=request)


async def page_of_users(database: Database, request: PageRequest, *, descending: bool = False) -> Page[str]:
    key = [UserRow.display_name, UserRow.id]
    async with database.session() as session:
        return await keyset_page(
            session,
            select(UserRow),
            read=lambda row: row[0].display_name,
            key=key,
            request=request,
            descending=descending,
        )


async def add_users(database: Database, names: str) -> None:
    rows = [
        {"id": uuid4(), "email": f"{number}@example.com", "display_name": name, "role": "member"}
        for number, name in enumerate(names)
    ]
    async with database.session() as session:
        await session.execute(insert(UserRow), rows)


def test_in_memory_pages_forward_and_back_meet() -> None:
    first = page_of_letters(PageRequest(first=3))
    second = page_of_letters(PageRequest(first=3, after=first.cursors[-1]))
    back = page_of_letters(PageRequest(first=None, last=2, before=second.cursors[0]))

    assert (("a", "b", "c"), True, False) == (first.items, first.has_next, first.has_previous)
    assert (("d", "e", "f"), True, True) == (second.items, second.has_next, second.has_previous)
    assert (("b", "c"), True, True) == (back.items, back.has_next, back.has_previous)
    assert [7] * 3 == [first.total, second.total, back.total]


def test_in_memory_a_cursor_outlives_its_item() -> None:
    cursor = page_of_letters(PageRequest(first=3)).cursors[-1]

    assert ("d", "e") == page_of_letters(PageRequest(first=2, after=cursor), LETTERS.replace("c", "")).items


async def test_in_the_database_pages_forward_and_back_meet(database: Database) -> None:
    await add_users(database, "gfedcba")

    first = await page_of_users(database, PageRequest(first=3))
    second = await page_of_users(database, PageRequest(first=3, after=first.cursors[-1]))
    back = await page_of_users(database, PageRequest(first=None, last=2, before=second.cursors[0]))
    end = await page_of_users(database, PageRequest(first=3, after=second.cursors[-1]))

    assert (("a", "b", "c"), True, False) == (first.items, first.has_next, first.has_previous)
    assert (("d", "e", "f"), True, True) == (second.items, second.has_next, second.has_previous)
    assert (("b", "c"), True, True) == (back.items, back.has_next, back.has_previous)
    assert (("g",), False, 7) == (end.items, end.has_next, end.total)


async def test_in_the_database_equal_names_are_told_apart_by_id(database: Database) -> None:
    await add_users(database, "aaaaa")

    seen, cursor = 0, None
    while True:
        page = await page_of_users(database, PageRequest(first=2, after=cursor))
        seen += len(page.items)
        if not page.has_next:
            break
        cursor = page.cursors[-1]

    assert 5 == seen


async def test_in_the_database_a_list_can_be_read_downwards(database: Database) -> None:
    await add_users(database, LETTERS)

    first = await page_of_users(database, PageRequest(first=2), descending=True)
    second = await page_of_users(database, PageRequest(first=2, after=first.cursors[-1]), descending=True)
    last = await page_of_users(database, PageRequest(first=None, last=2), descending=True)

    assert (("g", "f"), ("e", "d"), ("b", "a")) == (first.items, second.items, last.items)


async def test_in_the_database_an_empty_page_still_has_the_total(database: Database) -> None:
    await add_users(database, LETTERS)
    last = await page_of_users(database, PageRequest(first=7))

    beyond = await page_of_users(database, PageRequest(first=2, after=last.cursors[-1]))

    assert ((), 7, False) == (beyond.items, beyond.total, beyond.has_next)


def cursor(key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "ä",
        "bm8gSlNPTg",
        cursor({}),
        cursor([]),
        cursor(["a"]),
        cursor(["a", 1]),
        cursor(["a", "not a UUID"]),
        cursor(["a\0", str(UUID(int=0))]),
        cursor([["a"], str(UUID(int=0))]),
        cursor(["a", str(UUID(int=0)), 3]),
    ],
)
async def test_what_is_no_cursor_of_the_list_is_the_callers_mistake(database: Database, text: str) -> None:
    with pytest.raises(InvalidInput) as in_database:
        await page_of_users(database, PageRequest(first=1, after=text))

    assert ("after",) == in_database.value.path


@pytest.mark.parametrize("text", ["%", cursor({}), cursor([1]), cursor([["a"]])])
def test_what_is_no_cursor_of_a_list_in_memory_is_the_callers_mistake(text: str) -> None:
    with pytest.raises(InvalidInput):
        page_of_letters(PageRequest(first=1, after=text))
