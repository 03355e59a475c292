"""The fields of each kind and their types, as the OpenAPI description of Kubernetes has them.

The models of the Kubernetes client were generated from that description, and carry it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kubernetes.aio.client import models

from .objects import Obj
from .resources import Resource
from .status import bad_request

_LIST = re.compile(r"(?:list|List)\[(.+)\]")
_MAP = re.compile(r"(?:dict|Dict)\[\w+, (.+)\]")
_GO_TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "str": (str, "string"),
    "int": (int, "int32"),
    "bool": (bool, "bool"),
    "datetime": (str, "string"),
}
_QUANTITIES = frozenset({"default", "defaultRequest", "hard", "limits", "max", "min", "requests", "sizeLimit"})

# Fields that Go writes only when they are not zero. Pointers, which are written whatever they point to, are not here.
_OMITTED_WHEN_ZERO = frozenset(
    {
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostPort",
        "initialDelaySeconds",
        "minReadySeconds",
        "nodePort",
        "paused",
        "publishNotReadyAddresses",
        "readOnly",
        "stdin",
        "stdinOnce",
        "tty",
        "unschedulable",
        "value",
    }
)
_WRITTEN_WHEN_EMPTY = frozenset({"rules"})


@cache
def fields_of(model: str) -> Mapping[str, str] | None:
    """Names on the wire → types (`V1PodSpec`, `List[V1Container]`), or None for what has no known fields."""
    cls = getattr(models, model, None)
    types: Mapping[str, str] | None = getattr(cls, "openapi_types", None)
    if cls is None or types is None:
        return None
    wire: Mapping[str, str] = cls.attribute_map
    return {wire[attribute]: type_ for attribute, type_ in types.items()}


def normalize(resource: Resource, obj: Obj) -> list[str]:
    """Brings `obj` into the form that the API server gives what it decodes.

    Nulls, empty lists and empty maps go; so do the fields that the kind does not have, whose paths are answered.
    Raises ApiError 400 for a value of the wrong type.
    """
    return list(_struct(resource, resource.model, obj, ""))


def _struct(resource: Resource, model: str, obj: Obj, path: str) -> Iterator[str]:
    fields = fields_of(model)
    if fields is None:
        return
    for name in list(obj):
        child = f"{path}.{name}" if path else name
        if name not in fields:
            del obj[name]
            yield child
        elif obj[name] is None or _is_omitted(name, fields[name], obj[name]):
            del obj[name]
        else:
            yield from _value(resource, fields[name], obj[name], child)


def _is_omitted(name: str, type_: str, value: Any) -> bool:
    if type_[:4] in {"List", "Dict", "list", "dict"}:
        return value in ([], {}) and name not in _WRITTEN_WHEN_EMPTY
    return name in _OMITTED_WHEN_ZERO and value in (0, "", False)


def _value(resource: Resource, type_: str, value: Any, path: str) -> Iterator[str]:
    if match := _LIST.fullmatch(type_):
        _expect(resource, value, list, path, f"[]{match.group(1)}")
        for index, item in enumerate(value):
            yield from _value(resource, match.group(1), item, f"{path}[{index}]")
    elif match := _MAP.fullmatch(type_):
        _expect(resource, value, dict, path, f"map[string]{match.group(1)}")
        if path.rpartition(".")[2] not in _QUANTITIES:
            for key, item in value.items():
                yield from _value(resource, match.group(1), item, f"{path}.{key}")
    elif type_ in _GO_TYPES:
        expected, go_type = _GO_TYPES[type_]
        if path.rpartition(".")[2] not in _QUANTITIES:
            _expect(resource, value, expected, path, go_type)
    elif fields_of(type_) is not None:
        _expect(resource, value, dict, path, type_)
        yield from _struct(resource, type_, value, path)


def _expect(resource: Resource, value: Any, expected: type | tuple[type, ...], path: str, go_type: str) -> None:
    if isinstance(value, expected) and isinstance(value, bool) is (expected is bool):
        return
    plain = re.sub(r"\[\d+\]", "", path)
    raise bad_request(
        f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
        f"json: cannot unmarshal {_json_type(value)} into Go struct field {resource.kind}.{plain} of type {go_type}"
    )


def _json_type(value: Any) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
