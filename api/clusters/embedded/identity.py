"""Names, uids and versions: which object a write is about, and the metadata that only the server writes."""

from __future__ import annotations

import secrets
import uuid

from .objects import Key, Obj
from .resources import Resource
from .status import ApiError, bad_request, conflict, invalid, invalid_value, modified

_SYSTEM_FIELDS = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "selfLink",
    "uid",
)
_OTHER_NAMESPACE = "the namespace of the provided object does not match the namespace sent on the request"
_SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX_LENGTH = 5
_MAX_GENERATED_BASE = 58


def check_type(resource: Resource, obj: Obj) -> None:
    """Raises ApiError 400 when `obj` says that it is something else than `resource`."""
    if not isinstance(obj.get("metadata"), dict):
        obj["metadata"] = {}
    for name, expected in (("apiVersion", resource.api_version), ("kind", resource.kind)):
        if obj.setdefault(name, expected) != expected:
            raise _wrong_type(resource, obj)


def _wrong_type(resource: Resource, obj: Obj) -> ApiError:
    sent_version = str(obj["apiVersion"]).rpartition("/")[2]
    kind, group = obj.get("kind", ""), resource.group.partition(".")[0] or "core"
    return bad_request(
        f'{kind} in version "{sent_version}" cannot be handled as a {resource.kind}: '
        f"converting ({sent_version}.{kind}) to ({group}.{resource.kind}): unknown conversion"
    )


def begin(resource: Resource, namespace: str, obj: Obj, now: str) -> None:
    """Names a new object, and writes the metadata that the server owns; raises ApiError 400."""
    metadata = obj["metadata"]
    if not resource.namespaced:
        metadata.pop("namespace", None)
    elif metadata.setdefault("namespace", namespace) != namespace:
        raise bad_request(_OTHER_NAMESPACE)
    if metadata.get("resourceVersion"):
        raise bad_request("resourceVersion should not be set on objects to be created")
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = _generated(metadata["generateName"])
    metadata.setdefault("name", "")
    for name in (*_SYSTEM_FIELDS, "resourceVersion"):
        metadata.pop(name, None)
    metadata.update(uid=str(uuid.uuid4()), creationTimestamp=now)
    if resource.generation:
        metadata["generation"] = 1


def _generated(base: str) -> str:
    suffix = "".join(secrets.choice(_SUFFIX_ALPHABET) for _ in range(_SUFFIX_LENGTH))
    return base[:_MAX_GENERATED_BASE] + suffix


def check_config(key: Key, config: Obj) -> None:
    """Raises ApiError 400 when what is to be applied is not about the object at `key`."""
    metadata = config["metadata"]
    if metadata.get("managedFields"):
        raise bad_request("metadata.managedFields must be nil")
    _check_address(metadata, key.name, key.namespace)


def _check_address(metadata: Obj, name: str, namespace: str) -> None:
    if metadata.setdefault("name", name) != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    if namespace and metadata.setdefault("namespace", namespace) != namespace:
        raise bad_request(_OTHER_NAMESPACE)


def check_same(resource: Resource, before: Obj, after: Obj) -> None:
    """The optimistic lock: raises ApiError 409 when `after` was not made of `before`, 400 when it is another object."""
    old, new = before["metadata"], after["metadata"]
    _check_address(new, old["name"], old.get("namespace", ""))
    if new.get("uid") and new["uid"] != old["uid"]:
        raise conflict(resource, old["name"], _other_uid(resource, before, new["uid"]))
    if new.get("resourceVersion") and new["resourceVersion"] != old["resourceVersion"]:
        raise modified(resource, old["name"])


def check_uid(resource: Resource, before: Obj, after: Obj) -> None:
    """Raises ApiError 422 when an apply names another object of the same name."""
    uid = after["metadata"].get("uid")
    if uid and uid != before["metadata"]["uid"]:
        name = before["metadata"]["name"]
        raise invalid(resource, name, [invalid_value("metadata.uid", uid, "field is immutable")])


def _other_uid(resource: Resource, obj: Obj, uid: str) -> str:
    metadata = obj["metadata"]
    path = "/".join(each for each in (resource.plural, metadata.get("namespace"), metadata["name"]) if each)
    return (
        f"StorageError: invalid object, Code: 4, Key: /registry/{path}, ResourceVersion: 0, AdditionalErrorMsg: "
        f"Precondition failed: UID in precondition: {uid}, UID in object meta: {metadata['uid']}"
    )


def restore_system_fields(resource: Resource, before: Obj, after: Obj) -> None:
    """Puts back what a client cannot change, and counts a change of the spec."""
    old, new = before["metadata"], after["metadata"]
    for name in (*_SYSTEM_FIELDS, "resourceVersion"):
        if name in old:
            new[name] = old[name]
        else:
            new.pop(name, None)
    if resource.generation and before.get("spec") != after.get("spec"):
        new["generation"] = old.get("generation", 0) + 1
