"""Label selectors as Kubernetes writes them: `app.kubernetes.io/name in (web, api), !canary`.

Source: k8s.io/apimachinery/pkg/labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

LabelTest: TypeAlias = Callable[[Mapping[str, str]], bool]

_KEY = r"[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?"
_SET = re.compile(rf"({_KEY})\s+(in|notin)\s*\(([^()]*)\)")
_EQUALITY = re.compile(rf"({_KEY})\s*(==|=|!=)\s*({_VALUE})")
_EXISTENCE = re.compile(rf"(!?)\s*({_KEY})")


class InvalidSelector(ValueError):
    """A selector cannot be read; the message is the API server's own."""


def parse_selector(text: str) -> tuple[LabelTest, ...]:
    """The requirements of a selector, which labels meet all of; none for an empty one. Raises InvalidSelector."""
    return tuple(_requirement(part.strip()) for part in _split(text)) if text.strip() else ()


def one_of(key: str, values: list[str], *, negate: bool = False) -> LabelTest:
    """Whether a label has one of the values, or none of them; one that is absent has none."""
    wanted = frozenset(values)
    if negate:
        return lambda labels: labels.get(key) not in wanted
    return lambda labels: labels.get(key) in wanted


def _split(text: str) -> list[str]:
    """At the commas that are not within parentheses."""
    return re.split(r",(?![^()]*\))", text)


def _requirement(part: str) -> LabelTest:
    if match := _SET.fullmatch(part):
        key, operator, values = match.groups()
        return one_of(key, [value.strip() for value in values.split(",")], negate=operator == "notin")
    if match := _EQUALITY.fullmatch(part):
        key, operator, value = match.groups()
        return one_of(key, [value], negate=operator == "!=")
    if match := _EXISTENCE.fullmatch(part):
        negated, key = match.groups()
        return (lambda labels: key not in labels) if negated else (lambda labels: key in labels)
    raise _unparsable(part)


def _unparsable(part: str) -> InvalidSelector:
    tokens = part.split()
    if len(tokens) > 1:
        expected = "in, notin, =, ==, !=, gt, lt"
        return InvalidSelector(f"unable to parse requirement: found '{tokens[1]}', expected: {expected}")
    return InvalidSelector(f"unable to parse requirement: found '{part}', expected: !, identifier, or 'end of string'")
