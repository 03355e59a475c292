"""Kubernetes quantities from and to numbers: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/."""

from __future__ import annotations

import re
from decimal import Decimal

from kubernetes.utils.quantity import parse_quantity

_WRITTEN = re.compile(r"[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*", re.ASCII)
"""What the API server takes for one; `parse_quantity` takes `inf` and `1 Gi` as well."""
_UNITS = (("Gi", 1024**3), ("Mi", 1024**2), ("Ki", 1024))


def parse(quantity: str) -> Decimal:
    """The exact number that a quantity stands for: cores, bytes or a count; raises ValueError for no quantity."""
    if not _WRITTEN.fullmatch(quantity):
        raise ValueError(f"{quantity!r} is no quantity.")
    return Decimal(parse_quantity(quantity))


def cores_quantity(cores: float) -> str:
    """Cores as the API server writes them: `250m`, `2`."""
    thousandths = round(cores * 1000)
    return f"{thousandths // 1000}" if thousandths % 1000 == 0 else f"{thousandths}m"


def bytes_quantity(number: int) -> str:
    """Bytes in the largest binary unit that they fill: `256Mi`."""
    for unit, size in _UNITS:
        if number and number % size == 0:
            return f"{number // size}{unit}"
    return str(number)
