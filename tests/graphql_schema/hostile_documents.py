"""Documents as somebody writes them who wants to keep a server busy: strategies for hypothesis.

They know the schema, so that most are nearly valid, and fragments: nested in each other, in cycles, spread again and
again, unknown. What is checked in little time has to be small or refused early, whatever it would expand to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Lexer,
    Source,
    TokenKind,
    get_named_type,
    is_leaf_type,
)
from hypothesis import strategies as st

MOST_TOKENS = 1_000
ROOTS = {
    "User": "viewer",
    "Namespace": 'namespace(slug: "a")',
    "Workload": 'workload(namespace: "a", name: "b")',
    "NamespaceConnection": "namespaces(first: 1)",
    "Node": 'node(id: "a")',
}
"""Where a document begins, by the type that it is of then."""
DIRECTIVES = (" @include(if: $yes)", " @skip(if: true)", " @nowhere")
HEAD = "query ($yes: Boolean!, $n: Int = 1) "


@dataclass(slots=True)
class Writer:
    """Writes one document, of the tokens that are `left`; `pick` chooses one of so many.

    The more `fragments` there are, the less is in each; in a selection there are up to `items`, and one in `rarely`
    has a directive or an alias. A `valid` one has fragments of one type, in no cycle, and spreads all of them: it is
    looked at by every rule.
    """

    schema: GraphQLSchema
    pick: Callable[[int], int]
    fragments: int
    items: int
    rarely: int
    valid: bool
    within: int = -1
    """The fragment that is written just now."""
    left: int = MOST_TOKENS - 40

    def document(self) -> str:
        root = self.schema.type_map[list(ROOTS)[self.pick(len(ROOTS))]]
        fragments = {number: text for number in range(self.fragments) if (text := self.fragment(number, root))}
        self.within = self.fragments if self.valid else -1
        spreads = "".join(f" ...f{number}" for number in fragments if self.valid or self.pick(4))
        body = self.selection(root, levels=self.pick(12)).removesuffix(" }") + spreads + " }"
        return ("" if self.valid else HEAD) + "{ " + ROOTS[root.name] + body + " }" + "".join(fragments.values())

    def spend(self, count: int) -> bool:
        """Whether so many tokens are left; they are taken."""
        self.left -= count
        return self.left >= 0

    def fragment(self, number: int, root: GraphQLNamedType) -> str:
        on = root if self.valid or self.pick(8) else self.schema.type_map[list(ROOTS)[self.pick(len(ROOTS))]]
        if not self.spend(9):
            return ""
        self.within = number
        return f" fragment f{number} on {on.name}" + self.selection(on, levels=self.pick(3), is_root=True)

    def selection(self, type_: GraphQLNamedType, *, levels: int, is_root: bool = False) -> str:
        self.spend(3)
        count = 1 + self.pick(self.items)
        items = [self.item(type_, levels, is_root) for _ in range(count) if self.left > 0]
        return " { " + " ".join(items or ["__typename"]) + " }"

    def item(self, type_: GraphQLNamedType, levels: int, is_root: bool) -> str:
        match self.pick(6):
            case 0 if (is_root or not self.valid) and self.fragments and self.spend(2):
                return self.spread()
            case 1 if levels and self.spend(3):
                condition = f" on {type_.name}" if self.pick(2) else ""
                return f"...{condition}{self.directive()}{self.selection(type_, levels=levels - 1)}"
            case 2 if levels and (members := self.members(type_)) and self.spend(3):
                member = members[self.pick(len(members))]
                return f"... on {member.name}{self.selection(member, levels=levels - 1)}"
            case _:
                return self.field(type_, levels)

    def spread(self) -> str:
        if not self.valid:
            number = self.pick(self.fragments + (self.pick(self.rarely) == 0))  # the one beyond is unknown
            return f"...f{number}{self.directive()}"
        # Of those that were written already: in no cycle.
        return f"...f{self.pick(self.within)}{self.directive()}" if self.within > 0 else "__typename"

    def members(self, type_: GraphQLNamedType) -> list[GraphQLObjectType]:
        is_abstract = isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)
        return list(self.schema.get_possible_types(type_)) if is_abstract else []  # type: ignore[arg-type]

    def field(self, type_: GraphQLNamedType, levels: int) -> str:
        self.spend(1)
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return "__typename"
        # Few of the fields, so that the same ones meet again.
        fields = list(type_.fields.items())[: 3 + self.pick(12)]
        name, field = fields[self.pick(len(fields))]
        of = get_named_type(field.type)
        written: str = self.alias() + name + self.arguments(field) + self.directive()
        if is_leaf_type(of):
            return written
        if levels:
            return written + self.selection(of, levels=levels - 1)
        return written + " { __typename }" if self.spend(3) else "__typename"

    def alias(self) -> str:
        return f"a{self.pick(3)}: " if not self.valid and self.pick(self.rarely) == 0 and self.spend(2) else ""

    def arguments(self, field: GraphQLField) -> str:
        if "first" in field.args:
            self.spend(6)
            odd = ("(last: 2)", "(first: $n)", "", "(first: $unknown)")
            return odd[self.pick(len(odd))] if not self.valid and self.pick(self.rarely) == 0 else "(first: 1)"
        required = [name for name, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]
        self.spend(3 * len(required))
        return "(" + ", ".join(f'{name}: "30s"' for name in required) + ")" if required else ""

    def directive(self) -> str:
        if self.pick(self.rarely) or not self.spend(7):
            return ""
        return " @skip(if: true)" if self.valid else DIRECTIVES[self.pick(len(DIRECTIVES))]


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """Documents of up to about as many tokens as are parsed; most of them near that."""
    random = draw(st.randoms(use_true_random=False))
    writer = Writer(
        schema,
        pick=random.randrange,
        fragments=draw(st.integers(0, 80)),
        items=draw(st.integers(1, 24)),
        rarely=draw(st.integers(4, 100)),
        valid=draw(st.booleans()),
    )
    return writer.document()


def tokens(query: str) -> int:
    """How many tokens a document has."""
    lexer, count = Lexer(Source(query)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count
