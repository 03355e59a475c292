"""What a request asks for, read from its path and its query.

Source: k8s.io/apiserver/pkg/endpoints/request (RequestInfo).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import yaml

from .objects import Key, Obj
from .resources import Resource, by_path
from .status import ApiError, FieldError, bad_request, invalid_options


@dataclass(frozen=True, slots=True)
class Address:
    """The object or collection that a path names. `name` and `subresource` are empty for a collection."""

    resource: Resource
    namespace: str
    name: str = ""
    subresource: str = ""

    @property
    def key(self) -> Key:
        return Key(self.namespace, self.name)


def address_of(path: str) -> Address | None:
    """None when nothing is served at `path`."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"]:
        group, version, rest = "", parts[1:2], parts[2:]
    elif parts[:1] == ["apis"]:
        group, version, rest = "".join(parts[1:2]), parts[2:3], parts[3:]
    else:
        return None
    return _within(group, "".join(version), rest) if rest else None


_NAMESPACED_MIN = 3
_DEEPEST = 3


def _within(group: str, version: str, rest: list[str]) -> Address | None:
    namespace = ""
    if rest[0] == "namespaces" and len(rest) >= _NAMESPACED_MIN and by_path(group, version, rest[2]):
        namespace, rest = rest[1], rest[2:]
    resource = by_path(group, version, rest[0])
    if resource is None or len(rest) > _DEEPEST:
        return None
    name, subresource = (*rest[1:], "", "")[:2]
    if subresource and subresource not in resource.subresources:
        return None
    if (namespace and not resource.namespaced) or (name and resource.namespaced and not namespace):
        return None
    return Address(resource, namespace, name, subresource)


def flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "") in {"1", "true"}


def whole_number(query: Mapping[str, str], name: str) -> int | None:
    """Raises ApiError 400."""
    text = query.get(name, "")
    if not text:
        return None
    if not text.isdecimal():
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def resource_version(query: Mapping[str, str]) -> int:
    """0 when none was given; raises ApiError 400."""
    text = query.get("resourceVersion", "")
    if text and not text.isdecimal():
        why = f'strconv.ParseUint: parsing "{text}": invalid syntax'
        raise bad_request(f'invalid resource version: resourceVersion: Invalid value: "{text}": {why}')
    return int(text or 0)


def dry_run(query: Mapping[str, str], kind: str) -> bool:
    """Raises ApiError 422 for anything but `All`."""
    value = query.get("dryRun", "")
    if value not in {"", "All"}:
        body = f'Unsupported value: ["{value}"]: supported values: "All"'
        raise invalid_options(kind, [FieldError("FieldValueNotSupported", "dryRun", body)])
    return value == "All"


def decode_json(body: bytes) -> object:
    """Raises ApiError 400."""
    try:
        decoded: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(
            f"the object provided is unrecognized: couldn't get version/kind; json parse error: {error}"
        ) from error
    return decoded


def decode_yaml(body: bytes) -> object:
    """JSON is YAML; the safe loader, since this comes from a client. Raises ApiError 400."""
    if body[:1] == b"{":
        return decode_json(body)
    try:
        decoded: object = yaml.safe_load(body)
    except (yaml.YAMLError, RecursionError) as error:
        raise bad_request(f"error decoding YAML: {error}") from error
    return decoded


def as_object(decoded: object) -> Obj:
    if not isinstance(decoded, dict):
        raise bad_request("couldn't get version/kind; json parse error: the body is not an object")
    return decoded


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where a list in pages goes on: the version of its first page, and the last key that it answered."""

    resource_version: int
    start: Key

    def encode(self) -> str:
        text = json.dumps([self.resource_version, *self.start])
        return base64.urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def decode(cls, token: str) -> Continuation:
        """Raises ApiError 400."""
        try:
            version, namespace, name = json.loads(base64.urlsafe_b64decode(token.encode()))
            return cls(int(version), Key(str(namespace), str(name)))
        except (ValueError, TypeError, binascii.Error) as error:
            raise _bad_token(error) from error


def _bad_token(error: Exception) -> ApiError:
    return bad_request(f"invalid continue token: continue key is not valid: {error}")
