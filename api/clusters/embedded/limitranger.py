"""LimitRange: defaults for what containers leave out, and bounds for what they ask.

Source: plugin/pkg/admission/limitranger of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from . import quantity
from .objects import Obj
from .pods import amounts
from .resources import PODS
from .status import forbidden

_ANNOTATION = "kubernetes.io/limit-ranger"


def default(limit_range: Obj, pod: Obj) -> None:
    """Sets requests and limits that the containers of `pod` do not set, and notes it in an annotation."""
    notes: list[str] = []
    for kind in ("containers", "initContainers"):
        for container in pod["spec"].get(kind) or ():
            for limit in _limits(limit_range, "Container"):
                notes += _default_container(limit, container)
    if notes:
        annotations = pod["metadata"].setdefault("annotations", {})
        annotations[_ANNOTATION] = "LimitRanger plugin set: " + "; ".join(notes)


def _limits(limit_range: Obj, kind: str) -> list[Obj]:
    return [limit for limit in limit_range["spec"].get("limits") or () if limit.get("type") == kind]


def _default_container(limit: Obj, container: Obj) -> list[str]:
    """Completes the container in place; answers what there is to note."""
    notes = []
    resources = container.setdefault("resources", {})
    for kind, source in (("requests", "defaultRequest"), ("limits", "default")):
        values = resources.setdefault(kind, {})
        missing = sorted(name for name in limit.get(source) or {} if name not in values)
        for name in missing:
            values[name] = limit[source][name]
        if missing:
            notes.append(f"{', '.join(missing)} {kind.removesuffix('s')} for container {container.get('name')}")
        if not values:
            del resources[kind]
    return notes


def check(limit_range: Obj, pod: Obj) -> None:
    """Raises ApiError 403 when `pod` is out of bounds."""
    problems = [
        problem
        for limit in _limits(limit_range, "Container")
        for container in pod["spec"].get("containers") or ()
        for problem in _problems(limit, _amounts(container), "Container")
    ]
    whole = {kind: dict(amounts(pod["spec"], kind)) for kind in ("requests", "limits")}
    for limit in _limits(limit_range, "Pod"):
        problems += _problems(limit, whole, "Pod")
    if problems:
        why = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
        raise forbidden(PODS, pod["metadata"]["name"], why)


def _amounts(container: Obj) -> dict[str, dict[str, Decimal]]:
    return {kind: dict(amounts({"containers": [container]}, kind)) for kind in ("requests", "limits")}


def _problems(limit: Obj, asked: dict[str, dict[str, Decimal]], per: str) -> Iterator[str]:
    for name, bound in (limit.get("min") or {}).items():
        yield from _below(name, bound, asked["requests"].get(name), per)
    for name, bound in (limit.get("max") or {}).items():
        yield from _above(name, bound, asked["limits"].get(name), per)


def _below(name: str, bound: Any, asked: Decimal | None, per: str) -> Iterator[str]:
    if asked is None:
        yield f"minimum {name} usage per {per} is {bound}.  No request is specified"
    elif asked < quantity.parse(bound):
        yield f"minimum {name} usage per {per} is {bound}, but request is {_render(asked, bound)}"


def _above(name: str, bound: Any, asked: Decimal | None, per: str) -> Iterator[str]:
    if asked is None:
        yield f"maximum {name} usage per {per} is {bound}.  No limit is specified"
    elif asked > quantity.parse(bound):
        yield f"maximum {name} usage per {per} is {bound}, but limit is {_render(asked, bound)}"


def _render(value: Decimal, bound: Any) -> str:
    return quantity.render(value, binary=quantity.is_binary(bound))
