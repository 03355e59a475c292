"""Label and field selectors.

Source: k8s.io/apimachinery/pkg/labels and pkg/fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .objects import Obj, labels_of
from .status import ApiError, bad_request

Matcher: TypeAlias = Callable[[Obj], bool]
_Test: TypeAlias = Callable[[Mapping[str, str]], bool]

_KEY = r"[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?"
_SET = re.compile(rf"({_KEY})\s+(in|notin)\s*\(([^()]*)\)")
_EQUALITY = re.compile(rf"({_KEY})\s*(==|=|!=)\s*({_VALUE})")
_EXISTENCE = re.compile(rf"(!?)\s*({_KEY})")
_FIELD = re.compile(r"([A-Za-z.]+)(==|=|!=)(.*)")

_FIELDS_OF_ALL = frozenset({"metadata.name", "metadata.namespace"})
_FIELDS_OF_KIND: Mapping[str, frozenset[str]] = {
    "Pod": frozenset(
        {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase"}
    ),
    "Event": frozenset(
        {
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        }
    ),
    "Secret": frozenset({"type"}),
    "Namespace": frozenset({"status.phase"}),
    "Node": frozenset({"spec.unschedulable"}),
    "ReplicaSet": frozenset({"status.replicas"}),
    "Job": frozenset({"status.successful"}),
    "Service": frozenset({"spec.clusterIP", "spec.type"}),
}


def everything(_: Obj) -> bool:
    return True


def label_selector(text: str) -> Matcher:
    """The matcher of a `labelSelector` parameter; raises ApiError 400."""
    tests = [_label_test(part.strip()) for part in _split(text)] if text.strip() else []
    if not tests:
        return everything
    return lambda obj: all(test(labels_of(obj)) for test in tests)


def _split(text: str) -> list[str]:
    """At the commas that are not within parentheses."""
    return re.split(r",(?![^()]*\))", text)


def _label_test(part: str) -> _Test:
    if match := _SET.fullmatch(part):
        key, operator, values = match.groups()
        return _in(key, [value.strip() for value in values.split(",")], negate=operator == "notin")
    if match := _EQUALITY.fullmatch(part):
        key, operator, value = match.groups()
        return _in(key, [value], negate=operator == "!=")
    if match := _EXISTENCE.fullmatch(part):
        negated, key = match.groups()
        return (lambda labels: key not in labels) if negated else (lambda labels: key in labels)
    raise _unparsable(part)


def _unparsable(part: str) -> ApiError:
    tokens = part.split()
    if len(tokens) > 1:
        return bad_request(f"unable to parse requirement: found '{tokens[1]}', expected: in, notin, =, ==, !=, gt, lt")
    return bad_request(f"unable to parse requirement: found '{part}', expected: !, identifier, or 'end of string'")


def _in(key: str, values: list[str], *, negate: bool = False) -> _Test:
    wanted = frozenset(values)
    if negate:
        return lambda labels: labels.get(key) not in wanted
    return lambda labels: labels.get(key) in wanted


def selects(selector: Obj | None, labels: Mapping[str, str]) -> bool:
    """Whether a `LabelSelector` object matches; an absent one matches nothing, an empty one everything."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(expression)(labels) for expression in selector.get("matchExpressions") or ())


def _expression(expression: Obj) -> _Test:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return _in(key, values)
        case "NotIn":
            return _in(key, values, negate=True)
        case "Exists":
            return lambda labels: key in labels
        case _:
            return lambda labels: key not in labels


def field_selector(text: str, kind: str) -> Matcher:
    """The matcher of a `fieldSelector` parameter for objects of `kind`; raises ApiError 400."""
    tests = [_field_test(part, kind) for part in text.split(",") if part]
    if not tests:
        return everything
    return lambda obj: all(test(obj) for test in tests)


def _field_test(part: str, kind: str) -> Matcher:
    match = _FIELD.fullmatch(part)
    if match is None:
        raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
    field, operator, value = match.groups()
    if field not in _FIELDS_OF_ALL | _FIELDS_OF_KIND.get(kind, frozenset()):
        raise _unknown_field(field, kind)
    path = field.split(".")
    return lambda obj: (_field_text(obj, path) == value) is (operator != "!=")


def _unknown_field(field: str, kind: str) -> ApiError:
    if kind in _FIELDS_OF_KIND:
        return bad_request(f"field label not supported: {field}")
    return bad_request(f'"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"')


def _field_text(obj: Obj, path: list[str]) -> str:
    value: Any = obj
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = value.get("component")
    return "" if value is None else str(value)
