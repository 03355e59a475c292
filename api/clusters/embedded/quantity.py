"""Quantities: `500m`, `1Gi`, `2e3`.

Source: k8s.io/apimachinery/pkg/api/resource. The API server writes them in a canonical form, whatever it was sent;
`kubernetes.utils.quantity` parses more than the API server takes, and does not know that form.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal
from functools import lru_cache
from typing import Any

_GRAMMAR = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,3})?")
_DECIMAL = (("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3), ("", 0), ("m", -3), ("u", -6), ("n", -9))
_BINARY = (("Ei", 60), ("Pi", 50), ("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10))
_KIBI = 1024
_LARGEST = Decimal(2**63 - 1)
_LONGEST = 100
_DECIMAL_FACTORS = {suffix: Decimal(10) ** exponent for suffix, exponent in _DECIMAL}
_BINARY_FACTORS = {suffix: Decimal(2) ** exponent for suffix, exponent in _BINARY}
_NANO = Decimal(10) ** -9

PATTERN = "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
"""The expression that the messages of kube-apiserver quote; it is wider than the grammar."""

_MISMATCH = f"quantities must match the regular expression {PATTERN}"


def parse(value: Any) -> Decimal:
    """The number that `value` stands for, at most the largest int64; raises ValueError."""
    number = _parse("" if isinstance(value, bool) else str(value))
    return max(min(number, _LARGEST), -_LARGEST)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Decimal:
    """Remembers, since quotas add up the same few amounts again and again."""
    match = _GRAMMAR.fullmatch(text)
    if match is None or len(text) > _LONGEST:
        raise ValueError(_MISMATCH)
    suffix = match.group(3) or ""
    if suffix[:1] in {"e", "E"} and len(suffix) > 1 and suffix != "Ei":
        return Decimal(text)
    number = Decimal(text.removesuffix(suffix))
    return number * (_BINARY_FACTORS.get(suffix) or _DECIMAL_FACTORS[suffix])


def is_binary(value: Any) -> bool:
    """Whether `value` is written in powers of 1024, which sums keep."""
    return str(value).endswith("i")


def render(number: Decimal, *, binary: bool = False) -> str:
    """The canonical form: no fraction, and the largest suffix for which that holds."""
    number = number.quantize(_NANO, rounding=ROUND_UP) if number.as_tuple().exponent not in range(-9, 1) else number
    if number == 0:
        return "0"
    if binary and abs(number) >= _KIBI and number % 1 == 0:
        return _render(number, _BINARY_FACTORS)
    return _render(number, _DECIMAL_FACTORS) if not binary or number % 1 else str(int(number))


def _render(number: Decimal, factors: dict[str, Decimal]) -> str:
    for suffix, factor in factors.items():
        if number % factor == 0:
            return f"{int(number / factor)}{suffix}"
    return str(int(number))


def canonical(value: Any) -> Any:
    """`value` in its canonical form, or as it is when it is no quantity (validation then says so)."""
    try:
        return render(parse(value), binary=is_binary(value))
    except ValueError:
        return value
