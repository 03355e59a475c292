"""The reference tells of everything that the schema has, and of nothing else."""

from __future__ import annotations

import re

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
)

from api.error_codes import ErrorCode
from graphql_schema.documentation.published import PublishedSchema
from graphql_schema.documentation.reference import reference_page
from graphql_schema.permissions import PERMISSIONS
from graphql_schema.schema import build_schema, print_sdl
from tests.graphql_schema.test_schema import own_types

SDL = '''
"""What a field costs."""
directive @cost(weight: String!, batched: Boolean) on FIELD_DEFINITION
directive @noted(by: String) on FIELD_DEFINITION

type Query {
  """Of `a` & <b>."""
  dear(
    """How much."""
    much: Int = 3
  ): [Thing!]! @cost(weight: "5")
  old: Thing @deprecated(reason: "Use `dear`.")
}

"""A thing."""
type Thing {
  """Its pages."""
  pages(first: Int): [Thing!] @cost(weight: "2", batched: true)
  """Its note."""
  note: String @noted(by: "<i>")
}
'''


@pytest.fixture(scope="module")
def page() -> str:
    return reference_page(PublishedSchema.of(print_sdl(build_schema())), has_explorer=True)


@pytest.fixture(scope="module")
def small() -> str:
    return reference_page(PublishedSchema.of(SDL), has_explorer=True)


def names(type_: GraphQLNamedType) -> set[str]:
    if isinstance(type_, GraphQLEnumType):
        return set(type_.values)
    if isinstance(type_, GraphQLInputObjectType):
        return set(type_.fields)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return set(type_.fields) | {name for field in type_.fields.values() for name in field.args}
    return set()


def section(page: str, name: str) -> str:
    """What the page has of a type, or of a root field."""
    found = re.search(rf'<section id="{re.escape(name)}">(.*?)</section>', page, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_it_has_each_type_field_argument_and_value(page: str, schema: GraphQLSchema) -> None:
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}

    for type_ in own_types(schema):
        if type_ not in roots:
            told = section(page, type_.name)
            assert {name for name in names(type_) if f"<code>{name}</code>" not in told} == set(), type_.name


def test_it_says_who_may_use_each_operation(page: str) -> None:
    for root in ("Query.namespace", "Mutation.deployWorkload", "Subscription.namespaceUpdated"):
        told = PERMISSIONS[root.partition(".")[2]].told
        assert told.split("`")[0] in section(page, root)


def test_it_lists_each_code_with_what_it_means(page: str) -> None:
    rows = dict(re.findall(r"<tr><td><code>([A-Z_]+)</code></td><td>([^\n]+?)</td></tr>", page))

    assert set(ErrorCode) <= set(rows)
    assert all(rows[code] for code in ErrorCode)


def test_every_link_within_it_leads_somewhere(page: str) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


def test_costs_are_told_as_the_schema_declares_them(small: str) -> None:
    assert '<b>Cost</b> <a href="#@cost">5 points</a>' in section(small, "Query.dear")
    assert "2 points once in all</a>, as many items as its page has" in section(small, "Thing")
    assert 'id="@cost"' in small


def test_texts_of_the_schema_are_no_markup(small: str) -> None:
    assert "Of <code>a</code> &amp; &lt;b&gt;." in small
    assert "@noted(by: &quot;&lt;i&gt;&quot;)" in small


def test_defaults_and_deprecations_are_told(small: str) -> None:
    assert "<code> = 3</code>" in section(small, "Query.dear")
    assert "<b>Deprecated</b> Use <code>dear</code>." in section(small, "Query.old")


@pytest.mark.parametrize("has_explorer", [True, False])
def test_it_leads_to_the_explorer_where_there_is_one(*, has_explorer: bool) -> None:
    page = reference_page(PublishedSchema.of(SDL), has_explorer=has_explorer)

    assert has_explorer == ('href="/graphiql"' in page)


def test_it_needs_no_script_and_no_style_of_its_own(page: str) -> None:
    assert [] == re.findall(r"<script|<style| style=| on\w+=", page)


def test_the_version_changes_with_the_text_alone() -> None:
    first, same, other = (PublishedSchema.of(sdl).version for sdl in (SDL, SDL, SDL + "\n"))

    assert (True, False) == (first == same, first == other)
    assert re.fullmatch(r"[0-9a-f]{16}", first)
