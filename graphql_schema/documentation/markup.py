"""HTML of plain texts: everything is escaped here, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from graphql import GraphQLArgument, GraphQLInputField, GraphQLType, get_named_type, is_specified_scalar_type
from graphql.language import print_ast

_CODE = re.compile(r"`([^`]+)`")


def prose(text: str | None) -> str:
    """A description: what is between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text or ""))


def type_link(type_: GraphQLType) -> str:
    """A type as it is written, its name leading to where it is described."""
    name = get_named_type(type_).name
    written = escape(str(type_))
    if is_specified_scalar_type(get_named_type(type_)):
        return f"<code>{written}</code>"
    return f"<code>{written.replace(name, link(name), 1)}</code>"


def link(name: str) -> str:
    """A link to the type of that name."""
    return f'<a href="#{escape(name)}">{escape(name)}</a>'


def default_of(value: GraphQLArgument | GraphQLInputField) -> str:
    """` = …` where there is a default that says something."""
    default = value.ast_node.default_value if value.ast_node else None
    text = print_ast(default) if default is not None else "null"
    return "" if text == "null" else f"<code> = {escape(text)}</code>"


def rows(cells: Iterable[Iterable[str]], *, heads: tuple[str, ...]) -> str:
    """A table; nothing where it has no row."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    if not body:
        return ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
