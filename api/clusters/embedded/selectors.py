"""Label and field selectors, as parameters and as objects.

Source: k8s.io/apimachinery/pkg/labels and pkg/fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from api.clusters.selectors import InvalidSelector, LabelTest, one_of, parse_selector

from .objects import Obj, labels_of
from .status import ApiError, bad_request

Matcher: TypeAlias = Callable[[Obj], bool]

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
    try:
        tests = parse_selector(text)
    except InvalidSelector as error:
        raise bad_request(str(error)) from error
    if not tests:
        return everything
    return lambda obj: all(test(labels_of(obj)) for test in tests)


def selects(selector: Obj | None, labels: Mapping[str, str]) -> bool:
    """Whether a `LabelSelector` object matches; an absent one matches nothing, an empty one everything."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(expression)(labels) for expression in selector.get("matchExpressions") or ())


def _expression(expression: Obj) -> LabelTest:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return one_of(key, values)
        case "NotIn":
            return one_of(key, values, negate=True)
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
