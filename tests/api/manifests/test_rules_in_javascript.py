"""The rules are checked twice, by Python here and by JavaScript while one types: both mean the same by a pattern."""

from __future__ import annotations

import json
import re
import subprocess

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.manifests.rules import RULES

PATTERNS = sorted({rule.pattern for rule in RULES if rule.pattern is not None})
CHECK = """
const { patterns, texts } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const expressions = patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, "v"));
console.log(JSON.stringify(expressions.map((expression) => texts.map((text) => expression.test(text)))));
"""
CORNERS = [
    "",
    "\n",
    "web",
    "web\n",
    "web\r",
    "web\u2028",
    "WEB",
    "wéb",
    "\ufb01",
    "\u212a",
    "\u017f",
    "\u0663",
    "a\0b",
    "\ud83d",
    "\ude00\ud83d",
    "😀",
    "$(A) $$",
    "]",
    "\\",
    "-",
    "--",
    "a--b",
    "a__b",
    "a___b",
    "ghcr.io/ada/engine:1.4.2",
    "localhost:5000/x",
    "Ada/engine",
    "redis@sha256:" + "0" * 64,
    "redis@sha256:" + "0" * 63,
    "a-" * 256,
]


def in_javascript(node: str, texts: list[str]) -> list[list[bool]]:
    """Which of `texts` match each pattern, by JavaScript's account."""
    question = json.dumps({"patterns": PATTERNS, "texts": texts})
    ran = subprocess.run([node, "-e", CHECK], input=question, capture_output=True, text=True, timeout=60, check=True)
    answer: list[list[bool]] = json.loads(ran.stdout)
    return answer


def in_python(texts: list[str]) -> list[list[bool]]:
    """Which of `texts` match each pattern, as the server checks it."""
    return [[re.fullmatch(pattern, text) is not None for text in texts] for pattern in PATTERNS]


def test_corner_cases_mean_the_same(node: str) -> None:
    assert in_python(CORNERS) == in_javascript(node, CORNERS)


@settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    matching=st.lists(st.one_of([st.from_regex(pattern, fullmatch=True) for pattern in PATTERNS]), max_size=100),
    others=st.lists(st.text(max_size=30) | st.text("aZ0_-.:/@\n", max_size=20), max_size=100),
)
def test_any_text_means_the_same(node: str, matching: list[str], others: list[str]) -> None:
    texts = matching + others

    assert in_python(texts) == in_javascript(node, texts)
