"""From a query's text to a document that may be executed: parsed, within the limits, valid."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)

from api.error_codes import ErrorCode
from graphql_schema.limits import Limits, check_limits

_CACHED_DOCUMENTS = 200
MAX_ERRORS = 10
MOST_KEPT_CHARACTERS = 16 * 1024
"""Of a text, or of a text and its variables: comments and variables that nothing uses make it as long as one likes."""
_LINEAR_RULES = tuple(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule)


class Audience(NamedTuple):
    """What the caller is to the checks. Strangers in production learn nothing about the schema from them."""

    signed_in: bool
    may_introspect: bool


class InvalidDocument(Exception):
    """A document that may not be executed."""

    def __init__(self, errors: list[GraphQLError], *, code: ErrorCode) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.code = code


class Documents:
    """Checks documents, and keeps the latest that passed: clients send the same few again and again."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._passed: OrderedDict[tuple[str, Audience], DocumentNode] = OrderedDict()

    def read(self, query: str, audience: Audience) -> DocumentNode:
        """The document of `query`; raises InvalidDocument."""
        key = (query, audience)
        document = self._passed.get(key)
        if document is None:
            document = self._check(self._parse(query), audience)
            if len(query) > MOST_KEPT_CHARACTERS:
                return document
            self._passed[key] = document
            if len(self._passed) > _CACHED_DOCUMENTS:
                self._passed.popitem(last=False)
        self._passed.move_to_end(key)
        return document

    def _parse(self, query: str) -> DocumentNode:
        try:
            return parse(query, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            told = _with_way_out(error, self._limits.tokens)
            raise InvalidDocument([told], code=ErrorCode.GRAPHQL_PARSE_FAILED) from error

    def _check(self, document: DocumentNode, audience: Audience) -> DocumentNode:
        if errors := check_limits(self._schema, document, self._limits, signed_in=audience.signed_in):
            raise InvalidDocument(errors, code=ErrorCode.DOCUMENT_TOO_LARGE)
        if errors := self._validated(document, audience):
            raise InvalidDocument(errors, code=ErrorCode.GRAPHQL_VALIDATION_FAILED)
        return document

    def _validated(self, document: DocumentNode, audience: Audience) -> list[GraphQLError]:
        """What is wrong with `document`. Whether its fields can be merged is asked once nothing else is: that takes
        time for each pair of them, and the limits bound those of fragments that are used, and in no cycle."""
        stranger = () if audience.may_introspect else (NoSchemaIntrospectionCustomRule,)
        hide = not audience.may_introspect
        for rules in ((*_LINEAR_RULES, *stranger), (OverlappingFieldsCanBeMergedRule,)):
            if errors := validate(self._schema, document, rules, max_errors=MAX_ERRORS, hide_suggestions=hide):
                return errors
        return []


def _with_way_out(error: GraphQLSyntaxError, tokens: int) -> GraphQLError:
    """The library says of a document that is too long only that it gave it up."""
    if not error.message.endswith("Parsing aborted."):
        return error
    message = f"The document has more than {tokens} tokens; at most {tokens} are allowed. Split it."
    return GraphQLError(message, source=error.source, positions=error.positions)
