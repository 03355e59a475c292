"""Specs that keep every rule but one: a field of an accepted spec moved beyond what the table of rules lets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from api.errors import FieldPath
from api.manifests.models import FieldRule, WorkloadSpec
from api.manifests.rules import RULES
from tests.api.manifests.specs import accepted_specs


@dataclass(frozen=True)
class Mutation:
    """An accepted spec in which the value at `path` was replaced by one that breaks `rule`."""

    spec: WorkloadSpec
    path: FieldPath
    rule: FieldRule


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """Any rule of the form, broken at any place of any accepted spec where it applies."""
    spec = draw(accepted_specs())
    places = [
        (rule, *place) for rule in RULES for place in _places(spec, rule.field.split(".")) if _can(rule, place[1])
    ]
    rule, path, value = draw(st.sampled_from(places))
    return Mutation(_put(spec, path, draw(_breaking(rule, value))), path, rule)


def _places(holder: Any, steps: list[str], path: FieldPath = ()) -> Iterator[tuple[FieldPath, Any]]:
    """Where a field of the table is in a spec: its path there, and its value."""
    if not steps:
        yield path, holder
    elif holder is not None and steps[0] == "*":
        for position, item in enumerate(holder):
            yield from _places(item, steps[1:], (*path, position))
    elif holder is not None:
        yield from _places(getattr(holder, steps[0]), steps[1:], (*path, steps[0]))


def _put(holder: Any, path: FieldPath, value: Any) -> Any:
    """The same, with `value` at `path`."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*holder[:step], _put(holder[step], rest, value), *holder[step + 1 :])
    return replace(holder, **{step: _put(getattr(holder, step), rest, value)})


def _can(rule: FieldRule, value: Any) -> bool:
    """A list is made too long of what it has; so it has to have something."""
    return rule.max_items is None or bool(value)


def _breaking(rule: FieldRule, value: Any) -> st.SearchStrategy[Any]:
    """Values of the field that break the rule."""
    if rule.max_items is not None:
        return st.just(tuple(value) * (rule.max_items // len(value) + 1))
    if rule.minimum is not None or rule.maximum is not None:
        return _numbers(rule)
    return _texts(rule)


def _numbers(rule: FieldRule) -> st.SearchStrategy[int]:
    below = st.nothing() if rule.minimum is None else st.integers(-(2**31), rule.minimum - 1)
    above = st.nothing() if rule.maximum is None else st.integers(rule.maximum + 1, 2**31 - 1 + rule.maximum)
    return below | above


def _texts(rule: FieldRule) -> st.SearchStrategy[str]:
    empty = st.just("") if rule.required else st.nothing()
    long = st.just("a" * (rule.max_length + 1)) if rule.max_length is not None else st.nothing()
    return empty | long | (_unlike(rule.pattern) if rule.pattern is not None else st.nothing())


def _unlike(pattern: str) -> st.SearchStrategy[str]:
    """Texts that do not match: any, and those that are one wrong character away from it."""
    matching = st.from_regex(pattern, fullmatch=True)
    spoilt = st.tuples(matching, st.sampled_from(["\0", "\n", " ", "-", "É", "A", "/"])).map("".join)
    return (st.text(min_size=1, max_size=20) | st.just("\0") | spoilt).filter(
        lambda text: re.fullmatch(pattern, text) is None
    )
