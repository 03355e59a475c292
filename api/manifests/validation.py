"""Whether a description can become an app: every rule of the form, and what fields have to do with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import count
from typing import Any

from api.errors import FieldPath, InvalidInput
from api.manifests import files, images, schedules
from api.manifests.kinds import DEFAULTS, SPECIAL, has, profile
from api.manifests.models import (
    EnvironmentVariable,
    ExposureMode,
    FieldRule,
    Probe,
    SecretVariable,
    WorkloadKind,
    WorkloadSpec,
)
from api.manifests.rules import MAX_VARIABLE_BYTES, PROBES, RULES
from api.manifests.sizes import size_field


def validate(spec: WorkloadSpec) -> list[InvalidInput]:
    """Every rule that `spec` breaks, one failure a field; none for a spec that builds."""
    broken = [failure for rule in RULES if rule.field != "image" for failure in _check(rule, spec)]
    whole = (_image, _kind, _size, _volume, _probes, _schedule, _exposure, files.check)
    return [*broken, *(failure for check in whole for failure in check(spec))]


def _check(rule: FieldRule, spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """Each failure with an example that goes with what the other fields say."""
    repeated = _repeated(rule, spec)
    for path, value in _values(spec, _steps(rule.field), ()):
        if path in repeated:
            yield InvalidInput(rule.message, path=path, example=repeated[path])
        elif not _keeps(rule, value) or _bound(rule, value, spec, path) is not None:
            yield InvalidInput(rule.message, path=path, example=_example(rule, spec, path))


def _steps(field: str) -> tuple[str, ...]:
    return tuple(field.split("."))


def _values(holder: Any, steps: tuple[str, ...], path: FieldPath) -> Iterator[tuple[FieldPath, Any]]:
    """Each value that a field path leads to, with its own path. What is absent has none below it."""
    if not steps:
        yield path, holder
    elif holder is None:
        return
    elif steps[0] == "*":
        for position, item in enumerate(holder):
            yield from _values(item, steps[1:], (*path, position))
    else:
        yield from _values(getattr(holder, steps[0]), steps[1:], (*path, steps[0]))


def _keeps(rule: FieldRule, value: Any) -> bool:
    match value:
        case None | "":
            return not rule.required
        case str():
            return _text_keeps(rule, value)
        case int():
            return (rule.minimum is None or value >= rule.minimum) and (rule.maximum is None or value <= rule.maximum)
        case _:
            return rule.max_items is None or len(value) <= rule.max_items


def _bound(rule: FieldRule, value: Any, spec: WorkloadSpec, path: FieldPath) -> int | None:
    """The number of another field that it goes beyond, and must not; None where it does not."""
    if not isinstance(value, int):
        return None
    floors = _values(spec, _steps(rule.not_below), ()) if rule.not_below is not None else ()
    ceilings = _values(spec, (*map(str, path[:-1]), rule.at_most), ()) if rule.at_most is not None else ()
    passed = (
        *(floor for _, floor in floors if floor is not None and value < floor),
        *(ceiling for _, ceiling in ceilings if ceiling is not None and value > ceiling),
    )
    return passed[0] if passed else None


def _example(rule: FieldRule, spec: WorkloadSpec, path: FieldPath) -> str:
    """The rule's own, or the number of the other field that this one would go beyond."""
    if rule.not_below is None and rule.at_most is None:
        return rule.example
    bound = _bound(rule, int(rule.example), spec, path)
    return str(bound) if bound is not None and _keeps(rule, bound) else rule.example


def _repeated(rule: FieldRule, spec: WorkloadSpec) -> dict[FieldPath, str]:
    """Each place of a value that a field before it has too, of those it has to be unique among, with another value."""
    among = [each for field in rule.unique_among for each in _values(spec, _steps(field), ())]
    taken = {value for _, value in among}
    seen: set[str] = set()
    others: dict[str, str] = {}
    found: dict[FieldPath, str] = {}
    for path, value in among:
        if value and value in seen:
            others[value] = others.get(value) or next(_unlike(value, taken))
            found[path] = others[value]
        seen.add(value)
    return found


def _unlike(value: str, taken: Set[str]) -> Iterator[str]:
    return (other for number in count(2) if (other := f"{value}{number}") not in taken)


def _text_keeps(rule: FieldRule, text: str) -> bool:
    if rule.max_length is not None and len(text) > rule.max_length:
        return False
    return rule.pattern is None or re.fullmatch(rule.pattern, text) is not None


def _image(spec: WorkloadSpec) -> list[InvalidInput]:
    try:
        images.parse_image(spec.image)
    except InvalidInput as failure:
        return [failure]
    return []


def _kind(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """Fields of other kinds keep their defaults, lest somebody expects of an app what it does not do."""
    noun = profile(spec.kind).noun
    for field in sorted(SPECIAL):
        if not has(spec.kind, field) and getattr(spec, field) != DEFAULTS[field]:
            message = f"A {noun} has no {field.replace('_', ' ')}. Leave it out, or choose another kind of app."
            yield InvalidInput(message, path=(field,))
    if spec.kind is WorkloadKind.SCHEDULED_JOB and spec.schedule is None:
        yield InvalidInput("A scheduled job needs a schedule.", path=("schedule",), example=schedules.EXAMPLE)
    if spec.kind is WorkloadKind.STATEFUL_SERVICE and not spec.volumes:
        message = "A stateful service keeps its state on a volume. Give it one, or make it a web service."
        yield InvalidInput(message, path=("volumes",), example="data")


def _size(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """What a pod may use is said once: by a size, or in numbers."""
    if (spec.size is None) == (spec.resources is None):
        yield InvalidInput("An app has a size, or resources of its own.", path=(size_field(spec),), example="S")


def _exposure(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    if spec.exposure is not ExposureMode.NONE and spec.port is None and has(spec.kind, "exposure"):
        message = "What is reached from outside listens on a port. Give the app a port, or expose it to nobody."
        yield InvalidInput(message, path=("exposure",))


def _schedule(spec: WorkloadSpec) -> list[InvalidInput]:
    return schedules.check(spec.schedule) if spec.schedule is not None else []


def _volume(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """What a process is started with is small; a Secret, too, has a limit. Secrets kept as they are count for their
    names only: their values were counted when they were given."""
    for field, noun, variables in _variables(spec):
        size = sum(len(f"{each.name}{each.value or ''}".encode(errors="surrogatepass")) for each in variables)
        if size > MAX_VARIABLE_BYTES:
            message = (
                f"The {noun} have {size} bytes together; {MAX_VARIABLE_BYTES} are allowed. Put files into the image."
            )
            yield InvalidInput(message, path=(field,), example="LOG_LEVEL=info")


def _probes(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """A check asks in one way, and without a port only a command can be asked."""
    for name in PROBES:
        probe: Probe | None = getattr(spec, name)
        if probe is None:
            continue
        if probe.command and probe.path:
            message = "A check is a path or a command. Keep one of them."
            yield InvalidInput(message, path=(name, "path"), example="/healthz")
        if spec.port is None and not probe.command:
            message = "An app without a port can be checked by a command only. Give it a port, or a command here."
            yield InvalidInput(message, path=(name, "command"), example="/bin/check")


def _variables(spec: WorkloadSpec) -> tuple[tuple[str, str, Sequence[EnvironmentVariable | SecretVariable]], ...]:
    """Both lists of the form, each with its field and what people call it."""
    return ("environment", "variables", spec.environment), ("secrets", "secrets", spec.secrets)
