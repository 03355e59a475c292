"""What others build on: `published.graphql`, the graph as the last release has it.

A change that breaks a client of that is refused, unless the changelog announces it in a line of its own below
`## Unreleased`, in graphql-core's words, which name what it is about: `- Breaking: Field Workload.address was removed.`

`python -m graphql_schema.contract` lists the breaking changes that are not announced; its exit status is 1 where there
are some. A release runs it with `--publish`, and so begins anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes

from graphql_schema.print import SDL_FILE

PUBLISHED_FILE = Path(__file__).with_name("published.graphql")
CHANGELOG_FILE = Path(__file__).parent.with_name("CHANGELOG.md")

_UNRELEASED = re.compile(r"^## Unreleased$(?P<lines>.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BREAKING = re.compile(r"^- Breaking: (?P<change>.+)$", re.MULTILINE)


def breaking_changes(published: GraphQLSchema, current: GraphQLSchema) -> list[str]:
    """What breaks a client of `published`, in graphql-core's words; a field that is only deprecated breaks nobody.

    Source: https://spec.graphql.org/draft/#sec-Validation.Type-system-evolution
    """
    return sorted(change.description for change in find_breaking_changes(published, current))


def announced(changelog: str) -> frozenset[str]:
    """The breaking changes that the changelog tells of since the last release."""
    unreleased = _UNRELEASED.search(changelog)
    return frozenset(_BREAKING.findall(unreleased["lines"])) if unreleased else frozenset()


def unannounced() -> Iterator[str]:
    """The breaking changes of the graph as it is committed that the changelog does not tell of."""
    published, current = (build_schema(file.read_text()) for file in (PUBLISHED_FILE, SDL_FILE))
    told = announced(CHANGELOG_FILE.read_text())
    return (change for change in breaking_changes(published, current) if change not in told)


def main(arguments: list[str]) -> int:
    """List what is not announced, or publish the graph as it is."""
    if arguments == ["--publish"]:
        PUBLISHED_FILE.write_text(SDL_FILE.read_text())
        return 0
    missing = [f"- Breaking: {change}\n" for change in unannounced()]
    sys.stdout.writelines(missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
