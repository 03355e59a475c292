"""The cases of the protocols' own suites (conformance.toml): each is tried by a test of ours, or says why it is not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SUITES: list[dict[str, Any]] = tomllib.loads((HERE / "conformance.toml").read_text())["suite"]


def names_of_tests() -> set[str]:
    return {
        name for file in HERE.glob("test_*.py") for name in re.findall(r"^async def (test_\w+)", file.read_text(), re.M)
    }


@pytest.mark.parametrize("suite", SUITES, ids=[suite["name"] for suite in SUITES])
def test_every_case_of_a_suite_is_tried_or_says_why_not(suite: dict[str, Any]) -> None:
    tried, not_ours = suite["cases"], suite["not_ours"]

    assert set() == set(tried.values()) - names_of_tests()
    assert all(not_ours.values())
    assert set() == set(tried) & set(not_ours)
