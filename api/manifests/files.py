"""Files of an app: what a developer may write, where they are kept, and how they come into the container.

Those that anyone may read are kept in a ConfigMap, the secret ones in the app's Secret. Each is mounted by itself, so
that what else is in its directory stays in sight. A file that is mounted so never changes while its pod runs; a change
replaces the pods, as every change of a template does.
https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from api.errors import InvalidInput
from api.manifests.models import ConfigFile, FieldRule, SecretFile, Volume, WorkloadSpec

Object = dict[str, Any]

MAX_FILES = 16
MAX_FILE_LENGTH = 64 * 1024
MAX_FILES_BYTES = 128 * 1024
"""Of each list: all fields together travel in a request of 256 KiB at most, and every revision keeps them."""
MAX_SECRET_BYTES = 512 * 1024
"""Of all that one Secret holds, what is kept from earlier revisions included; Kubernetes takes 1 MiB."""

_MAX_PATH = 512
_MAX_KEY = 200
_SYSTEM = "dev|proc|sys"
_SEGMENT = r"\.?[A-Za-z0-9_\-][A-Za-z0-9_.\-]*"
_PATH = rf"(?!\/({_SYSTEM})(\/|$))(\/{_SEGMENT})+"
_TEXT = r"[^\x00\ud800-\udfff]*"
"""Any text: neither the database nor a ConfigMap keeps a NUL as text, and half a surrogate pair is no UTF-8."""
EXAMPLE = "/etc/app/settings.yaml"

CONFIG_VOLUME = "config-files"
PRIVATE_VOLUME = "secret-files"
"""Volumes of the pod. No volume of a developer's has a hyphen in its name."""
_FILE_PREFIX = "file."
"""Of keys in the Secret: what keys of variables never begin with."""
_READ_BY_ALL = 0o444
_READ_BY_GROUP = 0o440


def _rules(field: str, noun: str) -> tuple[FieldRule, ...]:
    return (
        FieldRule(field=field, max_items=MAX_FILES, message=f"An app has {MAX_FILES} {noun} at most.", example=EXAMPLE),
        FieldRule(
            field=f"{field}.*.path",
            required=True,
            pattern=_PATH,
            max_length=_MAX_PATH,
            message="A file's path begins with a slash and names the file in its last part: letters, digits, dots, "
            "hyphens and underscores. It is not below /dev, /proc or /sys.",
            example=EXAMPLE,
        ),
        FieldRule(
            field=f"{field}.*.content",
            pattern=_TEXT,
            max_length=MAX_FILE_LENGTH,
            message=f"A file is text of {MAX_FILE_LENGTH} characters at most, without a NUL.",
            example="log_level: info",
        ),
    )


RULES: tuple[FieldRule, ...] = (*_rules("files", "files"), *_rules("secret_files", "secret files"))


def check(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """What the files have to do with each other, and with the volumes. Secret files that are kept as they are count
    for nothing: their content was counted when it was given."""
    seen: dict[str, str] = {}
    for field, files in _lists(spec):
        for position, file in enumerate(files):
            if file.path and (trouble := _trouble(file.path, seen, spec.volumes)):
                yield InvalidInput(trouble, path=(field, position, "path"), example=EXAMPLE)
            seen[file.path] = field
        size = sum(len((each.content or "").encode(errors="surrogatepass")) for each in files)
        if size > MAX_FILES_BYTES:
            message = (
                f"These files have {size} bytes together; {MAX_FILES_BYTES} are allowed. Put large ones into the image."
            )
            yield InvalidInput(message, path=(field,), example=EXAMPLE)


def _lists(spec: WorkloadSpec) -> tuple[tuple[str, Sequence[ConfigFile | SecretFile]], ...]:
    return ("files", spec.files), ("secret_files", spec.secret_files)


def _trouble(path: str, others: dict[str, str], volumes: Sequence[Volume]) -> str | None:
    """Why no file can be at `path`; None where one can."""
    for other in others:
        if other and (_is_below(path, other) or _is_below(other, path)):
            return f"{min(path, other, key=len)} is a file, so that nothing can be below it."
    for volume in volumes:
        if volume.path and (path == volume.path or _is_below(path, volume.path) or _is_below(volume.path, path)):
            return f"The volume {volume.name} is mounted at {volume.path}. Put the file somewhere else."
    return None


def _is_below(path: str, directory: str) -> bool:
    return path.startswith(f"{directory}/")


def key_of(path: str) -> str:
    """The name of a file in its ConfigMap: of its path alone, so that it stays the same whatever other files come and
    go, and no two paths have the same.

    A slash becomes an underscore. Where that could mean another path too, a hash of the path follows two underscores,
    which no other key has.
    """
    key = path.removeprefix("/").replace("/", "_")
    if "_" not in path and len(key) <= _MAX_KEY:
        return key
    return f"{key[-_MAX_KEY:].lstrip('.')}__{hashlib.sha256(path.encode()).hexdigest()[:16]}"


def secret_key_of(path: str) -> str:
    """The name of a secret file in the app's Secret, beside its secret variables."""
    return f"{_FILE_PREFIX}{key_of(path)}"


def config_map_name(app: str) -> str:
    """The name of an app's ConfigMap; it stays the same from revision to revision, as that of its Secret does."""
    return f"{app}-files"


def config_data(spec: WorkloadSpec) -> dict[str, str]:
    """What is in the ConfigMap."""
    return {key_of(each.path): each.content for each in spec.files}


def volumes(spec: WorkloadSpec, *, secret_name: str) -> list[Object]:
    """The pod's volumes that have the files. A secret one is read by root and by the group of the pod's files."""
    found: list[Object] = []
    if spec.files:
        source: Object = {"name": config_map_name(spec.name), "defaultMode": _READ_BY_ALL}
        found.append({"name": CONFIG_VOLUME, "configMap": source})
    if spec.secret_files:
        keys = [secret_key_of(each.path) for each in spec.secret_files]
        items = [{"key": key, "path": key} for key in keys]
        source = {"secretName": secret_name, "defaultMode": _READ_BY_GROUP, "items": items}
        found.append({"name": PRIVATE_VOLUME, "secret": source})
    return found


def mounts(spec: WorkloadSpec) -> list[Object]:
    """Where the container has the files."""
    return [
        *(_mount(CONFIG_VOLUME, key_of(each.path), each.path) for each in spec.files),
        *(_mount(PRIVATE_VOLUME, secret_key_of(each.path), each.path) for each in spec.secret_files),
    ]


def _mount(volume: str, key: str, path: str) -> Object:
    return {"name": volume, "mountPath": path, "subPath": key, "readOnly": True}
