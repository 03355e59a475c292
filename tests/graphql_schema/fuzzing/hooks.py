"""What schemathesis has to know of our graph: read by its command, in a process of its own (SCHEMATHESIS_HOOKS)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import schemathesis
from graphql import (
    ArgumentNode,
    ConstValueNode,
    DocumentNode,
    FieldNode,
    IntValueNode,
    NameNode,
    ObjectFieldNode,
    StringValueNode,
    Visitor,
    build_schema,
    print_ast,
    validate,
    visit,
)
from hypothesis import strategies as st

SCHEMA = build_schema((Path(__file__).parents[3] / "graphql_schema" / "schema.graphql").read_text())
THERE: dict[str, str] = json.loads(os.environ["MOORAGE_TEST_THERE"])
"""Values of arguments that name something that is there, by the argument: random ones name nothing, ever."""

schemathesis.graphql.scalar(
    "Duration", st.sampled_from(["1h", "5m", "30d", "0s", "31d"]).map(lambda text: StringValueNode(value=text))
)


class Aimed(Visitor):
    """A generated document that reaches further: pages have a size, without which each is refused at once, and every
    other document names what is there, and begins at the start."""

    def __init__(self, *, names: bool) -> None:
        super().__init__()
        self._there = THERE if names else {}
        self._dropped = {"first", "last", "after", "before"} if names else {"first", "last"}

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        given = {argument.name.value: argument for argument in node.arguments or ()}
        if not {"first", "last"} & set(given):
            return None
        rest = [given[name] for name in given if name not in self._dropped]
        size = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value="3"))
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=(*rest, size),
            directives=node.directives,
            selection_set=node.selection_set,
        )

    def enter_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode | None:
        value = self._value(node.name.value)
        return ArgumentNode(name=node.name, value=value) if value else None

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> ObjectFieldNode | None:
        value = self._value(node.name.value)
        return ObjectFieldNode(name=node.name, value=value) if value else None

    def _value(self, name: str) -> ConstValueNode | None:
        return StringValueNode(value=self._there[name]) if name in self._there else None


@schemathesis.hook
def map_body(context: Any, body: DocumentNode) -> DocumentNode:
    """Aim a document; one that is to be refused stays as it is."""
    if validate(SCHEMA, body):
        return body
    aimed: DocumentNode = visit(body, Aimed(names=len(print_ast(body)) % 2 == 0))
    return aimed
