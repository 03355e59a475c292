"""The list of error codes is closed: whatever is sent comes from it, and users are told what each means."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from api import errors
from api.error_codes import ErrorCode

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "graphql_schema").rglob("*.py"),
    *(ROOT / "api" / "http").rglob("*.py"),
    *(ROOT / "api" / "authentication").rglob("*.py"),
]


def kinds(root: type[errors.MoorageError]) -> Iterator[type[errors.MoorageError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def written_codes(source: Path) -> Iterator[str]:
    """Codes as text: `{"code": "…"}`, `code="…"`, and `code = "…"` of a class."""
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
            case ast.keyword(arg="code", value=value):
                found = [value]
            case ast.Assign(targets=[ast.Name(id="code")], value=value):
                found = [value]
            case _:
                found = []
        yield from (f"{source.relative_to(ROOT)}: {each.value!r}" for each in found if isinstance(each, ast.Constant))


def test_every_failure_that_moorage_knows_has_a_code_of_the_list() -> None:
    assert {} == {kind.__name__: kind.code for kind in kinds(errors.MoorageError) if kind.code not in list(ErrorCode)}


def test_no_code_is_written_but_in_the_list() -> None:
    assert [] == [code for source in SOURCES for code in written_codes(source)]


def test_a_code_s_name_is_what_is_sent() -> None:
    assert {code.name for code in ErrorCode} == set(ErrorCode)


def test_every_code_is_told_to_users_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text()
    table = readme.partition("### Error codes")[2].partition("\n#")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == set(ErrorCode)
