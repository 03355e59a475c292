"""Files and credentials of pasted objects: what the ConfigMaps and Secrets hold that were pasted with a workload."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.manifests.models import ConfigFile, RegistryCredentials, SecretFile
from api.manifests.pasting.documents import listing, mapping, mappings, name_of
from api.manifests.pasting.gathering import NO_FIELD, TEMPORARY, Gathering
from api.manifests.registries import DOCKER_CONFIG

_SOURCES = (("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret"))
"""A volume's field, where in it the object is named, and the object's kind."""

_WHY: Mapping[str, str] = {
    "emptyDir": TEMPORARY,
    "hostPath": "It is a file or folder of one node, which the namespace's policy forbids.",
    "persistentVolumeClaim": "A job has no volumes.",
}


class Sources:
    """The ConfigMaps and Secrets among the objects, by what is in them as text."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._data = {_place(each): _texts(each) for each in objects if each.get("kind") in ("ConfigMap", "Secret")}
        self._keys = {_place(each): _keys(each) for each in objects if _place(each) in self._data}
        self._used: set[tuple[str, str]] = set()

    def take(self, kind: str, name: str) -> Mapping[str, str]:
        """What is in it, key by key; nothing where it was not pasted."""
        return self.find(kind, name) or {}

    def find(self, kind: str, name: str) -> Mapping[str, str] | None:
        """What is in it, key by key; None where it was not pasted."""
        self._used.add((kind, name))
        return self._data.get((kind, name))

    def without_text(self, kind: str, name: str) -> list[str]:
        """The keys of it whose values are no text, and not taken."""
        place = kind, name
        return sorted(self._keys.get(place, frozenset()) - self._data.get(place, {}).keys())

    def is_used(self, document: Mapping[str, Any]) -> bool:
        """Whether something was taken of the object."""
        place = _place(document)
        return place in self._used and bool(self._data.get(place))


def read_files(
    gathered: Gathering, pod: Mapping[str, Any], container: Mapping[str, Any], sources: Sources
) -> frozenset[str]:
    """Put what the container mounts of pasted objects into the fields of files; the names of the pod's volumes that
    were taken."""
    volumes = {str(mapping(each).get("name")): mapping(each) for each in listing(pod.get("volumes"))}
    files: dict[str, ConfigFile | SecretFile] = {}
    taken: set[str] = set()
    for mount in mappings(container.get("volumeMounts")):
        name = str(mount.get("name"))
        for path, file in _files(mount, volumes.get(name, {}), sources):
            files.setdefault(path, file)
            taken.add(name)
    gathered.put("files", tuple(each for each in files.values() if isinstance(each, ConfigFile)))
    gathered.put("secret_files", tuple(each for each in files.values() if isinstance(each, SecretFile)))
    return frozenset(taken)


def _files(
    mount: Mapping[str, Any], volume: Mapping[str, Any], sources: Sources
) -> Iterator[tuple[str, ConfigFile | SecretFile]]:
    """What one mount brings: one file by `subPath`, else each of its volume's files below its path."""
    at, only = str(mount.get("mountPath", "")).rstrip("/"), mount.get("subPath")
    for field, named, kind in _SOURCES:
        source = mapping(volume.get(field))
        data = sources.take(kind, str(source.get(named))) if source else {}
        for key, inner in _items(source, data):
            if key in data and only in (None, inner):
                path = at if only is not None else f"{at}/{inner}"
                yield path, (ConfigFile if kind == "ConfigMap" else SecretFile)(path, data[key])


def _items(source: Mapping[str, Any], data: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Keys with their paths in the volume."""
    items = source.get("items")
    if isinstance(items, list):
        yield from ((str(mapping(each).get("key")), str(mapping(each).get("path"))) for each in items)
    else:
        yield from ((key, key) for key in data)


def read_credentials(gathered: Gathering, pod: Mapping[str, Any], sources: Sources) -> bool:
    """Put the first credentials of a registry that were pasted into their field; False where none were."""
    for reference in mappings(pod.get("imagePullSecrets")):
        text = sources.take("Secret", str(reference.get("name"))).get(DOCKER_CONFIG)
        found = _credentials(text) if text else None
        if found is not None:
            gathered.put("registry_credentials", found)
            return True
    return False


def _credentials(config: str) -> RegistryCredentials | None:
    """The first entry of a file as `docker login` writes it."""
    try:
        auths = mapping(mapping(json.loads(config)).get("auths"))
    except ValueError:
        return None
    for server, entry in auths.items():
        user, _, password = (_decoded(mapping(entry).get("auth")) or "").partition(":")
        user, password = str(mapping(entry).get("username") or user), str(mapping(entry).get("password") or password)
        if user:
            return RegistryCredentials(user, password, _host(str(server)))
    return None


def _host(server: str) -> str | None:
    """The registry as images name it."""
    host = server.partition("://")[2] or server
    return host.partition("/")[0] or None


def reasons(pod: Mapping[str, Any]) -> dict[str, str]:
    """Why each of the pod's volumes, by its name, is left out where nothing was taken of it."""
    return {str(mapping(each).get("name")): _reason(mapping(each)) for each in listing(pod.get("volumes"))}


def _reason(volume: Mapping[str, Any]) -> str:
    for field, named, kind in _SOURCES:
        if source := mapping(volume.get(field)):
            return f"No text of the {kind} {source.get(named)} is in what was pasted. Add its files by hand."
    return next((why for field, why in _WHY.items() if field in volume), NO_FIELD)


def _texts(document: Mapping[str, Any]) -> dict[str, str]:
    """Each entry that is text: of a Secret, `data` is base64, and `stringData` goes before it."""
    data = mapping(document.get("data"))
    if document.get("kind") == "ConfigMap":
        return {str(key): value for key, value in data.items() if isinstance(value, str)}
    decoded = {str(key): text for key, value in data.items() if (text := _decoded(value)) is not None}
    plain = mapping(document.get("stringData"))
    return decoded | {str(key): value for key, value in plain.items() if isinstance(value, str)}


def _keys(document: Mapping[str, Any]) -> frozenset[str]:
    fields = ("data", "stringData", "binaryData")
    return frozenset(str(key) for field in fields for key in mapping(document.get(field)))


def _decoded(value: object) -> str | None:
    try:
        return base64.b64decode(str(value), validate=True).decode() if value is not None else None
    except (binascii.Error, ValueError):
        return None


def _place(document: Mapping[str, Any]) -> tuple[str, str]:
    return str(document.get("kind")), name_of(document)
