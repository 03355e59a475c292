"""The fields of each kind and their types, as the OpenAPI description of Kubernetes has them.

The models of the Kubernetes client were generated from that description, and carry it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kubernetes.aio.client import models

from . import quantity
from .objects import Obj
from .resources import Resource
from .status import ApiError, bad_request

_LIST = re.compile(r"(?:list|List)\[(.+)\]")
_MAP = re.compile(r"(?:dict|Dict)\[\w+, (.+)\]")
_VERSION_PREFIX = re.compile(r"^(V\d+(alpha\d+|beta\d+)?|Core(?=V1))(V1)?")
_SCALARS: Mapping[str, tuple[type, str]] = {
    "str": (str, "string"),
    "int": (int, "int32"),
    "bool": (bool, "bool"),
    "datetime": (str, "string"),
}
_QUANTITIES = frozenset(
    {"capacity", "default", "defaultRequest", "hard", "limits", "max", "min", "requests", "sizeLimit"}
)

_INT_OR_STRING = frozenset({"maxSurge", "maxUnavailable", "minAvailable", "port", "targetPort"})

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


def load(resource: Resource) -> None:
    """Imports the models of a kind, which takes long, so that no request has to."""
    waiting = [resource.model]
    seen: set[str] = set()
    while waiting:
        model = waiting.pop()
        seen.add(model)
        inner = {_item_type(type_) for type_ in (fields_of(model) or {}).values()}
        waiting += [type_ for type_ in inner - seen if type_ not in _SCALARS]


def _item_type(type_: str) -> str:
    while match := _LIST.fullmatch(type_) or _MAP.fullmatch(type_):
        type_ = match.group(1)
    return type_


def normalize(resource: Resource, obj: Obj) -> list[str]:
    """Brings `obj` into the form that the API server gives what it decodes.

    Nulls, empty lists and empty maps go, quantities become canonical, and there is a spec where the kind has one. The
    fields that the kind does not have go as well, and their paths are answered. Raises ApiError 400 for a value of the
    wrong type.
    """
    unknown = list(_Decoder(resource).struct(resource.model, obj, ""))
    if "spec" in (fields_of(resource.model) or {}):
        obj.setdefault("spec", {})
    return unknown


class _Decoder:
    """Walks an object along the types of its fields, and answers the paths that have none."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def struct(self, model: str, obj: Obj, path: str) -> Iterator[str]:
        fields = fields_of(model) or {}
        for name in list(obj):
            child = f"{path}.{name}" if path else name
            if name not in fields:
                del obj[name]
                yield child
            elif obj[name] is None or _is_omitted(name, fields[name], obj[name]):
                del obj[name]
            elif name in _QUANTITIES and not _LIST.fullmatch(fields[name]):
                obj[name] = self._quantities(fields[name], obj[name], child, model)
            else:
                yield from self._value(fields[name], obj[name], child, model)

    def _value(self, type_: str, value: Any, path: str, model: str) -> Iterator[str]:
        if match := _LIST.fullmatch(type_):
            self._expect(value, list, path, model, f"[]{_go_name(match.group(1))}")
            for index, item in enumerate(value):
                yield from self._value(match.group(1), item, f"{path}[{index}]", model)
        elif match := _MAP.fullmatch(type_):
            self._expect(value, dict, path, model, f"map[string]{_go_name(match.group(1))}")
            for key, item in value.items():
                yield from self._value(match.group(1), item, f"{path}.{key}", model)
        elif type_ in _SCALARS:
            self._expect(value, _SCALARS[type_][0], path, model, _go_name(type_))
        elif type_ == "object" and path.rpartition(".")[2] in _INT_OR_STRING and not isinstance(value, str):
            self._expect(value, int, path, model, "intstr.IntOrString")
        elif fields_of(type_) is not None:
            self._expect(value, dict, path, model, _go_name(type_))
            yield from self.struct(type_, value, path)

    def _quantities(self, type_: str, value: Any, path: str, model: str) -> Any:
        if not _MAP.fullmatch(type_):
            return self._quantity(value)
        self._expect(value, dict, path, model, "map[string]resource.Quantity")
        return {name: self._quantity(each) for name, each in value.items()}

    def _quantity(self, value: Any) -> str:
        try:
            return quantity.render(quantity.parse(value), binary=quantity.is_binary(value))
        except ValueError as error:
            raise self._undecodable(str(error)) from error

    def _expect(self, value: Any, expected: type, path: str, model: str, go_type: str) -> None:
        if isinstance(value, expected) and isinstance(value, bool) is (expected is bool):
            return
        plain = re.sub(r"\[\d+\]", "", path)
        field = f"{_go_name(model)}.{plain}"
        raise self._undecodable(
            f"json: cannot unmarshal {_json_type(value)} into Go struct field {field} of type {go_type}"
        )

    def _undecodable(self, why: str) -> ApiError:
        kind, version = self._resource.kind, self._resource.version
        return bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: {why}')


def _is_omitted(name: str, type_: str, value: Any) -> bool:
    if type_[:4] in {"List", "Dict", "list", "dict"}:
        return value in ([], {}) and name not in _WRITTEN_WHEN_EMPTY
    return name in _OMITTED_WHEN_ZERO and value in (0, "", False)


def _go_name(type_: str) -> str:
    """`V1DeploymentSpec` is `DeploymentSpec` in Go, and `str` is `string`."""
    return _SCALARS[type_][1] if type_ in _SCALARS else _VERSION_PREFIX.sub("", type_)


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
