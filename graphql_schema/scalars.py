"""Scalars of Moorage's own, and how they read and write themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Duration = NewType("Duration", timedelta)
Bytes = NewType("Bytes", int)
Quantity = NewType("Quantity", str)
YAML = NewType("YAML", str)

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PATTERN = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)

# JSON numbers are read as doubles by most clients: beyond this an integer would silently change.
_MAX_SAFE_INTEGER = 2**53 - 1


def parse_duration(text: object) -> Duration:
    """Read Prometheus' way of writing a duration; https://prometheus.io/docs/prometheus/latest/querying/basics/."""
    match = _PATTERN.fullmatch(text) if isinstance(text, str) and text else None
    if match is None:
        raise GraphQLError("Duration cannot represent this value. Write it with units, like 30s, 5m, 1h30m or 7d.")
    seconds = sum(int(count or 0) * unit for count, unit in zip(match.groups(), _UNITS.values(), strict=True))
    return Duration(timedelta(seconds=seconds))


def format_duration(duration: timedelta) -> str:
    """Write whole seconds the way `parse_duration` reads them: 90 s is `1m30s`."""
    rest = int(duration.total_seconds())
    parts = []
    for name, unit in _UNITS.items():
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{name}")
    return "".join(parts) or "0s"


def _parse_bytes(value: object) -> Bytes:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_SAFE_INTEGER:
        raise GraphQLError("Bytes cannot represent this value. Write a whole number from 0 to 2^53 - 1.")
    return Bytes(value)


def quantity(text: str) -> Quantity | None:
    """A quantity as Kubernetes wrote it; None where it wrote none."""
    return Quantity(text) if text else None


def _parse_date_time(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise GraphQLError("DateTime cannot represent this value. Write it with its offset, like 2030-01-31T12:00:00Z.")
    return at


def scalar_map() -> Mapping[object, ScalarDefinition]:
    """The scalars by the Python types that stand for them, each with where it is specified."""
    return {
        datetime: strawberry.scalar(
            name="DateTime",
            description="A moment, by the calendar, with its offset from UTC: 2030-01-31T12:00:00+00:00.",
            specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
            serialize=datetime.isoformat,
            parse_value=_parse_date_time,
        ),
        Duration: strawberry.scalar(
            name="Duration",
            description="A length of time as Prometheus writes it: 30s, 5m, 1h30m, 7d.",
            specified_by_url="https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations",
            serialize=format_duration,
            parse_value=parse_duration,
        ),
        Bytes: strawberry.scalar(
            name="Bytes",
            description="A number of bytes, as a JSON number that any client reads exactly: at most 2^53 - 1.",
            specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-6",
            serialize=int,
            parse_value=_parse_bytes,
        ),
        Quantity: strawberry.scalar(
            name="Quantity",
            description="An amount of a resource as Kubernetes writes it: 500m, 2, 1536Mi.",
            specified_by_url="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
            serialize=str,
            parse_value=str,
        ),
        YAML: strawberry.scalar(
            name="YAML",
            description="The text of one YAML document.",
            specified_by_url="https://yaml.org/spec/1.2.2/",
            serialize=str,
            parse_value=str,
        ),
    }
