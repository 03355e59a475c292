"""Every document is checked in a time that is bounded by that of a plain one, however it was contrived.

What is measured is processor time: others take their turns on the same machine.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from graphql import GraphQLSchema
from hypothesis import HealthCheck, assume, given, settings, target

from graphql_schema.documents import Audience, Documents, InvalidDocument
from graphql_schema.limits import Limits
from tests.graphql_schema.hostile_documents import MOST_TOKENS, documents, tokens
from tests.graphql_schema.refusals import Refusals
from tests.graphql_schema.selections import whole

EXAMPLES = int(os.environ.get("MOORAGE_TEST_DOCUMENTS", "100"))
BOUND = 1.5
"""Times what a plain document of the most tokens takes. Such a one is all fields, each with its type looked up."""
TRIES = 4

CRAFTED = {
    "the same object in inline fragments": "{ viewer {" + " ... { namespaces(first: 1) { totalCount } }" * 80 + "} }",
    "wide objects in inline fragments": "{ viewer {"
    + (
        " ... { namespaces(first: 1) { totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage }"
        " edges { cursor node { id name slug } } } }"
    )
    * 20
    + "} }",
    "objects in objects, each repeated": "{ viewer {"
    + (" ... { namespaces(first: 1) {" + " ... { edges { cursor } }" * 5 + "} }") * 4
    + "} }",
    "many objects in many objects": "{ viewer {"
    + (" ... { namespaces(first: 1) {" + " ... { edges { cursor } }" * 9 + "} }") * 11
    + "} }",
    "many fragments in one place": "{ viewer {"
    + "".join(f" ...f{i}" for i in range(75))
    + "} }"
    + "".join(f" fragment f{i} on User {{ id email role }}" for i in range(75)),
    "as many as may repeat, of other fields": "{ namespace(slug: 1) {"
    + "".join(f" ...f{i}" for i in range(80))
    + "} }"
    + "".join(
        f" fragment f{i} on Namespace {{ {('id name', 'slug phase', 'createdAt asOf', 'manifest __typename')[i % 4]} }}"
        for i in range(80)
    ),
    "fragments that spread the next ones": "{ viewer { ...f0 } }"
    + "".join(
        f" fragment f{i} on User {{ id" + "".join(f" ...f{j}" for j in range(i + 1, min(i + 8, 40))) + " }"
        for i in range(40)
    ),
    "fragments that double at each level": "{ viewer { ...f0 } }"
    + "".join(f" fragment f{i} on User {{ ...f{i + 1} ...f{i + 1} }}" for i in range(80))
    + " fragment f80 on User { id }",
    "cycles of fragments": "{ viewer { ...f0 } }"
    + "".join(f" fragment f{i} on User {{ ...f{(i + 1) % 60} ...f{(i + 7) % 60} }}" for i in range(60)),
    "a long cycle without a field": "{ viewer { ...f0 } }"
    + "".join(f" fragment f{i} on User {{ ...f{(i + 1) % 110} }}" for i in range(110)),
    "unknown fragments": "{ viewer {" + "".join(f" ...nope{i}" for i in range(490)) + "} }",
    "unknown directives": "{ viewer { id" + "".join(f" @nope{i}" for i in range(49)) + " } }",
    "many variables": "query (" + "".join(f"$v{i}: Int = 1 " for i in range(160)) + ") { viewer { id } }",
    "one long literal": "{ namespaces(first: " + "9" * 5_000 + ") { totalCount } }",
    "values in values": "{ node(id: " + "[{a: " * 160 + "1" + "}]" * 160 + ") { id } }",
}


@dataclass(slots=True)
class Worst:
    """The document that took longest, beside a plain one's time; and what became of all."""

    ratio: float = 0.0
    seconds: float = 0.0
    query: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)

    def meet(self, checked: Checked, query: str) -> None:
        self.outcomes[checked.outcome] += 1
        if checked.ratio > self.ratio:
            self.ratio, self.seconds, self.query = checked.ratio, checked.seconds, query


@dataclass(frozen=True, slots=True, order=True)
class Checked:
    """How long the check of a document took beside that of a plain one, by itself, and what came of it."""

    ratio: float
    seconds: float
    outcome: str


class Stopwatch:
    """Checks documents anew each time, as ones that were never seen."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        everything = whole(schema, schema.type_map["Workload"], levels=1)
        self._plain = '{ workload(namespace: "a", name: "b") ' + everything + " }"
        self._scale = MOST_TOKENS / tokens(self._plain)
        self._seconds = self._plain_seconds()

    def check(self, query: str) -> Checked:
        """The least of a few tries."""
        tries = [self._try(query)]
        while tries[-1].ratio > BOUND / 2 and len(tries) < TRIES:
            self._seconds = self._plain_seconds()
            tries.append(self._try(query))
        return min(tries)

    def _plain_seconds(self) -> float:
        """What a plain document of the most tokens takes."""
        return min(self._read(self._plain)[0] for _ in range(3)) * self._scale

    def _try(self, query: str) -> Checked:
        seconds, outcome = self._read(query)
        return Checked(seconds / self._seconds, seconds, outcome)

    def _read(self, query: str) -> tuple[float, str]:
        documents, audience = Documents(self._schema, Limits()), Audience(signed_in=True, may_introspect=True)
        outcome = "passed"
        start = time.thread_time()
        try:
            documents.read(query, audience)
        except InvalidDocument as error:
            outcome = error.code
        return time.thread_time() - start, outcome


@pytest.fixture(scope="module")
def stopwatch(schema: GraphQLSchema) -> Stopwatch:
    return Stopwatch(schema)


@pytest.mark.parametrize("query", CRAFTED.values(), ids=CRAFTED)
def test_a_contrived_document_takes_no_longer_than_plain_ones_do(
    stopwatch: Stopwatch, refusals: Refusals, request: pytest.FixtureRequest, query: str
) -> None:
    checked = stopwatch.check(query)

    assert checked.ratio < BOUND
    what = f"{request.node.callspec.id} ({tokens(query)} tokens, {checked.outcome})"
    refusals.note(what, f"{checked.ratio:.2f}x", checked.seconds)


def test_no_document_is_found_that_takes_much_longer_than_a_plain_one(
    schema: GraphQLSchema, stopwatch: Stopwatch, refusals: Refusals
) -> None:
    worst = Worst()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents(schema))
    def is_checked_in_time(query: str) -> None:
        assume(tokens(query) <= MOST_TOKENS)
        checked = stopwatch.check(query)
        target(checked.ratio)
        worst.meet(checked, query)
        assert checked.ratio < BOUND

    is_checked_in_time()

    what = f"worst of {sum(worst.outcomes.values())} fuzzed ({tokens(worst.query)} tokens)"
    refusals.note(what, f"{worst.ratio:.2f}x", worst.seconds)
    print(f"{dict(worst.outcomes)}; the worst, {worst.ratio:.2f} times a plain document:\n{worst.query}")
