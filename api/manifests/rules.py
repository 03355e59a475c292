"""The rules of the form: one table, checked by the server here and by the browser while one types.

Patterns mean the same to Python's `fullmatch` and to an anchored JavaScript expression with the `v` flag. Fields are
paths in a WorkloadSpec, `*` for each item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from api.errors import FieldPath, InvalidInput
from api.manifests import images
from api.manifests.models import (
    EnvironmentVariable,
    FieldRule,
    Probe,
    SecretVariable,
    SizePreset,
    WorkloadSize,
    WorkloadSpec,
)

_MEBIBYTE = 1024 * 1024
MAX_REPLICAS = 50
MAX_VARIABLES = 64
MAX_VARIABLE_BYTES = 32 * 1024
_MAX_VALUE = 8192
_MAX_NAME = 46
"""Kubernetes cuts the beginning of a pod's name at 58 characters: the app's name, a hash of up to 10 and two hyphens.
A longer name would lose a hyphen, and with it the way back from the pod to its app."""

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE_MESSAGE = "A variable's name has letters, digits and underscores, and does not start with a digit."
_TEXT = r"[^\x00\ud800-\udfff]*"
"""Any text: NUL ends a variable for the operating system, and half a surrogate pair cannot be written as UTF-8."""

MAX_WORDS = 64
_MAX_WORD = 4096
PROBES = ("startup", "liveness", "readiness")


def _words(field: str, noun: str, example: str) -> tuple[FieldRule, ...]:
    """The rules of a command line, a word an item."""
    most = f"A {noun} has {MAX_WORDS} words at most."
    return (
        FieldRule(field=field, max_items=MAX_WORDS, message=most, example=example),
        FieldRule(
            field=f"{field}.*",
            required=True,
            pattern=_TEXT,
            max_length=_MAX_WORD,
            message=f"A word of a {noun} has 1 to {_MAX_WORD} characters, and no NUL.",
            example=example,
        ),
    )


def _seconds(field: str, least: int, most: int, example: str, what: str) -> FieldRule:
    message = f"{what} takes {least} to {most} seconds."
    return FieldRule(field=field, minimum=least, maximum=most, message=message, example=example, required=True)


def _probe_rules(name: str) -> tuple[FieldRule, ...]:
    return (
        FieldRule(
            field=f"{name}.path",
            pattern=r"/[\x21-\x7e]*",
            max_length=1024,
            message="A path begins with a slash, and has no spaces: the one that answers 200 while all is well.",
            example="/healthz",
        ),
        *_words(f"{name}.command", "command", "/bin/check"),
        _seconds(f"{name}.delay_seconds", 0, 3600, "5", "The wait before the first check"),
        _seconds(f"{name}.period_seconds", 1, 600, "10", "The pause between two checks"),
        _seconds(f"{name}.timeout_seconds", 1, 600, "2", "A check"),
        FieldRule(
            field=f"{name}.failures",
            minimum=1,
            maximum=100,
            required=True,
            message="1 to 100 failed checks in a row count as a failure.",
            example="3",
        ),
    )


RULES: tuple[FieldRule, ...] = (
    FieldRule(
        field="image",
        required=True,
        pattern=images.PATTERN,
        max_length=images.MAX_LENGTH,
        message="An image reference is registry/repository:tag, in lower case up to the tag.",
        example=images.EXAMPLE,
    ),
    FieldRule(
        field="name",
        required=True,
        pattern=r"[a-z]([a-z0-9\-]*[a-z0-9])?",
        max_length=_MAX_NAME,
        message=f"A name has up to {_MAX_NAME} lower-case letters, digits and hyphens; it starts with a letter and "
        "does not end with a hyphen.",
        example="web-shop",
    ),
    FieldRule(
        field="port",
        minimum=1,
        maximum=65535,
        message="A port is a number from 1 to 65535: the one that the app listens on.",
        example="8080",
    ),
    FieldRule(
        field="replicas",
        required=True,
        minimum=0,
        maximum=MAX_REPLICAS,
        message=f"An app has 0 to {MAX_REPLICAS} replicas; 0 stops it.",
        example="3",
    ),
    FieldRule(
        field="run_as_user",
        minimum=1,
        maximum=2**31 - 1,
        message="The user is a number from 1 up: 0 is root, which the namespace's policy forbids.",
        example="1000",
    ),
    FieldRule(
        field="environment",
        max_items=MAX_VARIABLES,
        message=f"An app has {MAX_VARIABLES} variables at most.",
        example="LOG_LEVEL=info",
    ),
    FieldRule(
        field="environment.*.name",
        required=True,
        pattern=_VARIABLE,
        max_length=256,
        message=_VARIABLE_MESSAGE,
        example="LOG_LEVEL",
    ),
    FieldRule(
        field="environment.*.value",
        pattern=_TEXT,
        max_length=_MAX_VALUE,
        message=f"A value has {_MAX_VALUE} characters at most, and no NUL.",
        example="info",
    ),
    FieldRule(
        field="secrets",
        max_items=MAX_VARIABLES,
        message=f"An app has {MAX_VARIABLES} secrets at most.",
        example="DATABASE_PASSWORD",
    ),
    FieldRule(
        field="secrets.*.name",
        required=True,
        pattern=_VARIABLE,
        max_length=253,
        message=_VARIABLE_MESSAGE,
        example="DATABASE_PASSWORD",
    ),
    FieldRule(
        field="secrets.*.value",
        pattern=_TEXT,
        max_length=_MAX_VALUE,
        message=f"A value has {_MAX_VALUE} characters at most, and no NUL.",
        example="a value of your own",
    ),
    *_words("command", "command", "/app/serve"),
    *_words("arguments", "command line", "--verbose"),
    *(rule for probe in PROBES for rule in _probe_rules(probe)),
    _seconds("shutdown_seconds", 1, 600, "30", "Shutting down"),
)


def _preset(size: WorkloadSize, cpu: float, mebibytes: int) -> SizePreset:
    memory = mebibytes * _MEBIBYTE
    return SizePreset(size, cpu_request=cpu / 2, cpu_limit=cpu, memory_request=memory // 2, memory_limit=memory)


PRESETS: tuple[SizePreset, ...] = (
    _preset(WorkloadSize.S, 0.25, 256),
    _preset(WorkloadSize.M, 0.5, 512),
    _preset(WorkloadSize.L, 1, 1024),
    _preset(WorkloadSize.XL, 2, 4096),
)


def preset(size: WorkloadSize) -> SizePreset:
    """What a size means."""
    return next(each for each in PRESETS if each.size is size)


def validate(spec: WorkloadSpec) -> list[InvalidInput]:
    """Every rule that `spec` breaks, one failure a field; none for a spec that builds."""
    broken = [failure for rule in RULES if rule.field != "image" for failure in _check(rule, spec)]
    return [*_image(spec), *broken, *_duplicates(spec), *_volume(spec), *_probes(spec)]


def _check(rule: FieldRule, spec: WorkloadSpec) -> Iterator[InvalidInput]:
    for path, value in _values(spec, tuple(rule.field.split(".")), ()):
        if not _keeps(rule, value):
            yield InvalidInput(rule.message, path=path, example=rule.example)


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


def _duplicates(spec: WorkloadSpec) -> Iterator[InvalidInput]:
    """A name stands for one value: within the variables, within the secrets, and across both."""
    seen: set[str] = set()
    for field, _, variables in _variables(spec):
        for position, variable in enumerate(variables):
            if variable.name and variable.name in seen:
                message = f"There is another variable or secret named {variable.name}. Keep one of them."
                yield InvalidInput(message, path=(field, position, "name"), example=f"{variable.name}_2")
            seen.add(variable.name)


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
