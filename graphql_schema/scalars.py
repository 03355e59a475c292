"""Scalars of Moorage's own, and how they read and write themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Duration = NewType("Duration", timedelta)
BigInt = NewType("BigInt", int)

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PATTERN = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)

# JSON numbers are read as doubles by most clients: beyond this an integer would silently change.
_MAX_SAFE_INTEGER = 2**53 - 1


def parse_duration(text: object) -> Duration:
    """Read Prometheus' way of writing a duration; https://prometheus.io/docs/prometheus/latest/querying/basics/."""
    match = _PATTERN.fullmatch(text) if isinstance(text, str) and text else None
    if match is None:
        raise GraphQLError(f"Duration cannot represent {text!r}: write it like 30s, 5m, 1h30m or 7d.")
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


def _parse_big_int(value: object) -> BigInt:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_SAFE_INTEGER:
        raise GraphQLError(f"BigInt cannot represent {value!r}: it is a whole number within ±(2^53 - 1).")
    return BigInt(value)


def scalar_map() -> Mapping[object, ScalarDefinition]:
    """The scalars by the Python types that stand for them."""
    return {
        Duration: strawberry.scalar(
            name="Duration",
            description="A length of time as Prometheus writes it: 30s, 5m, 1h30m, 7d.",
            serialize=format_duration,
            parse_value=parse_duration,
        ),
        BigInt: strawberry.scalar(
            name="BigInt",
            description="An integer beyond 32 bits, as a JSON number.",
            serialize=int,
            parse_value=_parse_big_int,
        ),
    }
