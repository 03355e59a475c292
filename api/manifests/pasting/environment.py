"""The variables of a container of Kubernetes: written out, or kept in ConfigMaps and Secrets that were pasted with it.

As Kubernetes has it, a later source of `envFrom` goes before an earlier one, and `env` before all of them:
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from api.manifests.pasting.documents import listing
from api.manifests.pasting.gathering import NO_FIELD, Gathering
from api.manifests.pasting.mounted import Sources
from api.manifests.rules import VARIABLE_MESSAGE, VARIABLE_NAME

_NAME = re.compile(VARIABLE_NAME)
_FROM = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
_KEY = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))
_NOT_PASTED = "The {} {} is not in what was pasted. Paste it too, or fill in by hand what the app needs of it."
_POD = f"Its value is known when a pod starts only. {NO_FIELD}"


def read(gathered: Gathering, container: Mapping[str, Any], sources: Sources, *, where: str) -> None:
    """Put every variable of the container at `where` into its field. No value is told in a note, or a reason."""
    for each in _maps(container.get("envFrom")):
        _all(gathered, each, sources, where)
    for each in _maps(container.get("env")):
        _one(gathered, each, sources, where)


def _all(gathered: Gathering, given: Mapping[str, Any], sources: Sources, where: str) -> None:
    """Each key of one ConfigMap or Secret."""
    kind, reference = _reference(given, _FROM)
    name = str(reference.get("name", ""))
    what, prefix = f"{where}.envFrom[{name}]", str(given.get("prefix") or "")
    data = sources.find(kind, name)
    if data is None:
        gathered.leave_out(what, _NOT_PASTED.format(kind, name))
        return
    taken = {f"{prefix}{key}": value for key, value in data.items() if _NAME.fullmatch(f"{prefix}{key}")}
    for variable, value in taken.items():
        _put(gathered, kind)(variable, value)
    for key in data:
        if f"{prefix}{key}" not in taken:
            gathered.leave_out(f"{what}.{key}", VARIABLE_MESSAGE)
    for key in sources.without_text(kind, name):
        gathered.leave_out(f"{what}.{key}", "It is no text, as a variable has to be.")
    if taken:
        gathered.note(what, f"What the {kind} {name} holds is taken over: {', '.join(taken)}.")


def _one(gathered: Gathering, variable: Mapping[str, Any], sources: Sources, where: str) -> None:
    """A variable with its value, or with the key that holds it."""
    name = str(variable.get("name", ""))
    source = variable.get("valueFrom")
    if not isinstance(source, dict):
        gathered.variable(name, _text(variable.get("value")))
        return
    what, (kind, reference) = f"{where}.env[{name}]", _reference(source, _KEY)
    place, key = str(reference.get("name", "")), str(reference.get("key", ""))
    data = sources.find(kind, place) if reference else None
    if not reference:
        gathered.leave_out(what, _POD)
    elif data is None:
        gathered.leave_out(what, _NOT_PASTED.format(kind, place))
    elif key not in data:
        gathered.leave_out(what, f"The {kind} {place} that was pasted has no text under the key {key}.")
    else:
        _put(gathered, kind)(name, data[key])
        gathered.note(what, f"Its value is taken from the key {key} of the {kind} {place}.")


def _put(gathered: Gathering, kind: str) -> Callable[[str, str], None]:
    return gathered.secret if kind == "Secret" else gathered.variable


def _reference(given: Mapping[str, Any], fields: tuple[tuple[str, str], ...]) -> tuple[str, Mapping[str, Any]]:
    """The kind of object that is named, with its name; an empty mapping where none of `fields` is there."""
    found = ((kind, given[field]) for field, kind in fields if isinstance(given.get(field), dict))
    return next(found, ("ConfigMap", {}))


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _maps(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in listing(value) if isinstance(each, dict))
