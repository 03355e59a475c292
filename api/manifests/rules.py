"""The rules of the form: one table, checked by the server here and by the browser while one types.

Patterns mean the same to Python's `fullmatch` and to an anchored JavaScript expression with the `v` flag. Fields are
paths in a WorkloadSpec, `*` for each item of a list.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.manifests import files, images, registries, schedules, sizes
from api.manifests.models import FieldRule

MAX_REPLICAS = 50
_MOST_PERCENT = 200
"""Requests are half the limits: nothing uses more."""
MAX_VARIABLES = 64
MAX_VARIABLE_BYTES = 32 * 1024
_MAX_VALUE = 8192
_MAX_NAME = 46
"""Kubernetes cuts the beginning of a pod's name at 58 characters: the app's name, a hash of up to 10 and two hyphens.
A longer name would lose a hyphen, and with it the way back from the pod to its app."""

VARIABLE_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
VARIABLE_MESSAGE = "A variable's name has letters, digits and underscores, and does not start with a digit."
_TEXT = r"[^\x00\ud800-\udfff]*"
"""Any text: NUL ends a variable for the operating system, and half a surrogate pair cannot be written as UTF-8."""

_WEEK = 7 * 24 * 3600
_MAX_VOLUMES = 5
MAX_VOLUME_NAME = 12
"""The claim of a replica is named `<volume>-<app>-<ordinal>`, and becomes the value of a label: 63 characters."""
_MAX_VOLUME_GIB = 16_384
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


def _percent(field: str, noun: str, *, required: bool) -> FieldRule:
    scale = f"1 to {_MOST_PERCENT} percent of what the size requests"
    message = f"The {noun} to keep near is {scale}; {_MOST_PERCENT} percent is its limit."
    return FieldRule(field=field, minimum=1, maximum=_MOST_PERCENT, message=message, example="70", required=required)


_AUTOSCALING: tuple[FieldRule, ...] = (
    FieldRule(
        field="autoscaling.min_replicas",
        required=True,
        minimum=1,
        maximum=MAX_REPLICAS,
        message=f"Autoscaling keeps 1 to {MAX_REPLICAS} replicas at least: none at all is for an app without it.",
        example="2",
    ),
    FieldRule(
        field="autoscaling.max_replicas",
        required=True,
        minimum=1,
        maximum=MAX_REPLICAS,
        not_below="autoscaling.min_replicas",
        message=f"Autoscaling goes up to {MAX_REPLICAS} replicas at most, and no lower than the least.",
        example="6",
    ),
    _percent("autoscaling.cpu_percent", "CPU", required=True),
    _percent("autoscaling.memory_percent", "memory", required=False),
)


def _unique(examples: Mapping[str, str], message: str) -> tuple[FieldRule, ...]:
    """No two values of these fields are the same: whichever comes later is wrong."""
    fields = tuple(examples)
    return tuple(FieldRule(field=each, message=message, example=examples[each], unique_among=fields) for each in fields)


_UNIQUE: tuple[FieldRule, ...] = (
    *_unique(
        {"environment.*.name": "LOG_LEVEL", "secrets.*.name": "DATABASE_PASSWORD"},
        "There is another variable or secret of this name. Keep one of them.",
    ),
    *_unique(
        {"files.*.path": files.EXAMPLE, "secret_files.*.path": "/etc/app/key.pem"},
        "There is another file at this path. Keep one of them.",
    ),
    *_unique({"volumes.*.name": "data"}, "There is another volume of this name."),
    *_unique({"volumes.*.path": "/var/lib/data"}, "There is another volume at this path."),
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
    *_AUTOSCALING,
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
        pattern=VARIABLE_NAME,
        max_length=256,
        message=VARIABLE_MESSAGE,
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
        pattern=VARIABLE_NAME,
        max_length=253,
        message=VARIABLE_MESSAGE,
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
    FieldRule(
        field="schedule.cron",
        required=True,
        pattern=schedules.PATTERN,
        max_length=100,
        message="A schedule has five fields, as in crontab: minute, hour, day of the month, month, day of the week.",
        example=schedules.EXAMPLE,
    ),
    FieldRule(
        field="schedule.time_zone",
        required=True,
        pattern=r"[A-Za-z0-9_+\-]+(\/[A-Za-z0-9_+\-]+)*",
        max_length=64,
        message="A time zone is a name of the IANA time zone database.",
        example=schedules.ZONE_EXAMPLE,
    ),
    FieldRule(
        field="retries",
        required=True,
        minimum=0,
        maximum=20,
        message="A run that fails is tried 0 to 20 times more.",
        example="3",
    ),
    FieldRule(
        field="time_limit_seconds",
        minimum=1,
        maximum=_WEEK,
        message=f"A run is stopped after 1 to {_WEEK} seconds, which is a week; left out: never.",
        example="3600",
    ),
    FieldRule(
        field="volumes",
        max_items=_MAX_VOLUMES,
        message=f"An app has {_MAX_VOLUMES} volumes at most.",
        example="data",
    ),
    FieldRule(
        field="volumes.*.name",
        required=True,
        pattern=r"[a-z][a-z0-9]*",
        max_length=MAX_VOLUME_NAME,
        message=f"A volume's name has up to {MAX_VOLUME_NAME} lower-case letters and digits, a letter first.",
        example="data",
    ),
    FieldRule(
        field="volumes.*.path",
        required=True,
        pattern=r"(\/[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])+",
        max_length=512,
        message="A volume is mounted at a path of the container, which begins with a slash and does not end with one.",
        example="/var/lib/data",
    ),
    FieldRule(
        field="volumes.*.size_gib",
        required=True,
        minimum=1,
        maximum=_MAX_VOLUME_GIB,
        message=f"A volume has 1 to {_MAX_VOLUME_GIB} GiB.",
        example="10",
    ),
    FieldRule(
        field="volumes.*.storage_class",
        pattern=r"[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)*",
        max_length=253,
        message="A storage class has the name that the cluster knows it by; left out: the cluster's default.",
        example="standard",
    ),
    *sizes.RULES,
    *files.RULES,
    *registries.RULES,
    *_UNIQUE,
)
