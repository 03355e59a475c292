"""What breaks clients of the last release is announced, or not done."""

from __future__ import annotations

import pytest
from graphql import build_schema

from graphql_schema.contract import announced, breaking_changes, unannounced

PUBLISHED = """
type Query { workload(name: String!, first: Int): Workload }
type Workload { name: String!, address: String, state: State! }
enum State { READY STOPPED }
"""


def test_the_graph_breaks_no_client_of_the_last_release_unannounced() -> None:
    assert [] == list(unannounced()), (
        "run `python -m graphql_schema.contract`, and deprecate, or announce, what it lists"
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("address: String, ", "", "Field Workload.address was removed."),
        ("name: String!, address", "name: String, address", "Field Workload.name changed type from String! to String."),
        ("STOPPED", "", "Enum value State.STOPPED was removed."),
        ("first: Int", "first: Int, slug: ID!", "A required argument Query.workload(slug:) was added."),
    ],
)
def test_what_a_client_may_ask_for_today_is_there_tomorrow(before: str, after: str, told: str) -> None:
    current = PUBLISHED.replace(before, after)

    assert [told] == breaking_changes(build_schema(PUBLISHED), build_schema(current))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("address: String", 'address: String @deprecated(reason: "Use `url`."), url: String'),
        ("first: Int", "first: Int, last: Int"),
        ("STOPPED", "STOPPED PAUSED"),
    ],
)
def test_what_is_added_or_deprecated_breaks_nobody(before: str, after: str) -> None:
    current = PUBLISHED.replace(before, after)

    assert [] == breaking_changes(build_schema(PUBLISHED), build_schema(current))


def test_a_change_is_announced_by_a_line_of_what_is_not_released_yet() -> None:
    changelog = """# Changelog

## Unreleased

- Something new.
- Breaking: Field Workload.address was removed.

## 1.0

- Breaking: Field Workload.name was removed.
"""

    assert {"Field Workload.address was removed."} == announced(changelog)
