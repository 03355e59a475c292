"""graphql-core by itself: the schema's SDL with default resolvers, and data that lie there resolved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from graphql import ExecutionResult, build_schema, execute, parse

import graphql_schema

_SDL = Path(graphql_schema.__file__).with_name("schema.graphql")


class Bare:
    """Answers one document over data as they stand in an answer: plain dictionaries, whose values are those asked for.

    That is as little as there can be: nobody is authorized, nothing is read, derived or made into types.
    """

    def __init__(self, document: str, data: Mapping[str, Any]) -> None:
        self._schema = build_schema(_SDL.read_text(), assume_valid=True)
        self._document = parse(document)
        self._data = data

    def answer(self, **variables: Any) -> bytes:
        """The answer's bytes."""
        result = execute(self._schema, self._document, self._data, variable_values=variables)
        assert isinstance(result, ExecutionResult)
        assert result.errors is None
        return msgspec.json.encode({"data": result.data})
