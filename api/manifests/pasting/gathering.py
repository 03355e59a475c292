"""Gathers what a text says, field by field, and what of it fits no field."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from api.manifests import quantities
from api.manifests.models import EnvironmentVariable, Resources, SecretVariable, SizePreset
from api.manifests.pasting.models import LeftOut, Pasted, PasteNote, PasteSource
from api.manifests.sizes import MEBIBYTE, PRESETS

_SECRET = re.compile(
    r"(?:^|_)(?:PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|APIKEY|KEY|DSN)(?:_|$)|PASSWORD|SECRET",
    re.IGNORECASE,
)
"""Names of variables that people give to what nobody else may know."""
NO_FIELD = "There is no field for it."
TEMPORARY = "What is written there goes with the container."
"""Why parts of a text are left out, whatever it is written in."""
_MOST_LEFT_OUT = 200
_MOST_NOTES = 100
_MOST_DIGITS = 12
_MOST_NUMBER = 2**31 - 1
_MOST_AMOUNT = float(2**50)
"""Of cores, or bytes: a PiB. More is a slip of the keyboard, or somebody's try."""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001}


class Gathering:
    """The values of one app as they are found. The first of a field wins: later ones are left out by who finds them."""

    def __init__(self, source: PasteSource) -> None:
        self._source = source
        self._values: dict[str, Any] = {}
        self._environment: dict[str, str] = {}
        self._secrets: dict[str, str] = {}
        self._left_out: list[LeftOut] = []
        self._notes: list[PasteNote] = []
        self._cpu: float | None = None
        self._memory: float | None = None

    def put(self, field: str, value: object) -> None:
        """The value of a field of a WorkloadSpec; None says nothing."""
        if value is not None:
            self._values[field] = value

    def has(self, field: str) -> bool:
        """Whether the field has a value already."""
        return field in self._values

    def get(self, field: str) -> Any:
        """The value that a field has; KeyError where it has none."""
        return self._values[field]

    def leave_out(self, what: str, why: str) -> None:
        """A part of the text that fills no field."""
        if len(self._left_out) < _MOST_LEFT_OUT:
            self._left_out.append(LeftOut(what, why))

    def note(self, what: str, message: str) -> None:
        """How a part of the text was taken, where somebody should look it over."""
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(PasteNote(what, message))

    def variable(self, name: str, value: str) -> None:
        """A variable; one whose name says that it is a secret becomes one. Of two values of a name the later wins."""
        if _SECRET.search(name):
            self.secret(name, value)
        else:
            self._secrets.pop(name, None)
            self._environment[name] = value

    def secret(self, name: str, value: str) -> None:
        """A variable that is a secret, whatever its name says. Of two values of one name the later is taken."""
        self._environment.pop(name, None)
        self._secrets[name] = value

    def resources(self, *, cpu: float | None = None, memory: float | None = None) -> None:
        """What a replica may use: cores and bytes."""
        self._cpu = cpu if cpu is not None else self._cpu
        self._memory = memory if memory is not None else self._memory

    def pasted(self) -> Pasted:
        """Everything that was gathered."""
        self._choose_size()
        return Pasted(
            source=self._source,
            environment=tuple(EnvironmentVariable(name, value) for name, value in self._environment.items()),
            secrets=tuple(SecretVariable(name, value) for name, value in self._secrets.items()),
            notes=tuple(self._notes),
            left_out=tuple(self._left_out),
            **self._values,
        )

    def _choose_size(self) -> None:
        """The smallest preset that has all that is asked for, or where none has, just as much."""
        if self._cpu is None and self._memory is None:
            return
        millicores, mebibytes = thousandths(self._cpu or 0.0), whole_mebibytes(self._memory or 0.0)
        fitting = [each for each in PRESETS if _has(each, millicores, mebibytes)]
        if fitting:
            self.put("size", fitting[0].size)
        else:
            smallest = PRESETS[0].resources
            cpu = max(millicores, smallest.cpu_limit_millicores)
            memory = max(mebibytes, smallest.memory_limit_mib)
            self.put("resources", Resources(cpu // 2, cpu, memory // 2, memory))


def _has(size: SizePreset, millicores: int, mebibytes: int) -> bool:
    return size.resources.cpu_limit_millicores >= millicores and size.resources.memory_limit_mib >= mebibytes


def number(value: object) -> int | None:
    """The whole number that YAML says, where a field may take it (0 to 2³¹ - 1, as GraphQL has it); else None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _MOST_NUMBER else None


def thousandths(amount: float) -> int:
    """So many cores in thousandths, rounded up."""
    return math.ceil(round(amount * 1000, 3))


def whole_mebibytes(amount: float) -> int:
    """So many bytes in MiB, rounded up."""
    return math.ceil(amount / MEBIBYTE)


def cores(text: str) -> float | None:
    """The cores that a quantity of Kubernetes or Docker says (`500m`, `0.5`); None where it says none."""
    return quantity(text)


def memory_bytes(text: str) -> float | None:
    """The bytes that Docker (`512m`, `1g`, `64mb`: powers of 1024) means; None where it says none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?", text.strip(), re.IGNORECASE)
    if match is None:
        return None
    power = "bkmgt".index(match[2].lower() or "b")
    return _bounded(float(match[1]) * float(1024**power))


def whole(text: str) -> int | None:
    """The whole number that a text of a few digits says; None for any other."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def quantity(text: str) -> float | None:
    """The number that a quantity of Kubernetes says, within reason; None where it says none."""
    try:
        return _bounded(float(quantities.parse(text)))
    except (ValueError, ArithmeticError):  # a number with more digits than floats, or Decimals, have
        return None


def _bounded(amount: float) -> float | None:
    return amount if 0 <= amount <= _MOST_AMOUNT else None


def seconds(text: str) -> int | None:
    """Whole seconds of a duration as Go writes them (`1m30s`, `500ms`: one at least); None for none."""
    parts = _DURATION.findall(text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text.strip():
        return None
    return max(1, round(sum(float(number) * _SECONDS[unit] for number, unit in parts)))


def words(value: object) -> Sequence[str] | None:
    """A list of scalars as texts; None for anything else."""
    if not isinstance(value, list) or not all(isinstance(each, str | int | float) for each in value):
        return None
    return [str(each) for each in value]
