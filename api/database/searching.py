"""Looking for a piece of text, in whatever case, in PostgreSQL and in memory alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, or_

from api.errors import InvalidInput

MOST_CHARACTERS = 100
_PATH = ("filter", "text")


def check_text(text: str) -> None:
    """InvalidInput where no list could be looked through for `text`."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"A text to look for has {MOST_CHARACTERS} characters at most.", path=_PATH, example="web")
    if "\0" in text or not text.isprintable():
        raise InvalidInput("A text to look for has printable characters only.", path=_PATH, example="web")


def columns_contain(text: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """That one of the columns has `text` in it."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def contains(text: str, *values: str) -> bool:
    """Whether one of the values has `text` in it."""
    sought = text.casefold()
    return any(sought in value.casefold() for value in values)
