"""Kubernetes quantities: exact both ways."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.manifests.quantities import bytes_quantity, cores_quantity, parse
from tests.api.manifests.specs import bounded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("2", "2"),
        ("250m", "0.25"),
        ("100u", "0.0001"),
        ("0.1", "0.1"),
        ("1Ki", "1024"),
        ("1.5Gi", "1610612736"),
        ("3G", "3000000000"),
        ("2e3", "2000"),
    ],
)
def test_a_quantity_is_read_exactly(text: str, expected: str) -> None:
    assert Decimal(expected) == parse(text)


@pytest.mark.parametrize("text", ["", "m", "Gi", "1 Gi", " 1", "1Zi", "one", "1..5", "inf", "NaN", "1_0"])
def test_anything_else_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@bounded
@given(st.integers(0, 10**6))
def test_cores_are_written_as_they_are_read(thousandths: int) -> None:
    assert Decimal(thousandths) / 1000 == parse(cores_quantity(thousandths / 1000))


@bounded
@given(st.integers(0, 2**50))
def test_bytes_are_written_as_they_are_read(number: int) -> None:
    assert number == parse(bytes_quantity(number))


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0"), (1000, "1000"), (1024, "1Ki"), (256 * 2**20, "256Mi"), (8 * 2**30, "8Gi")]
)
def test_bytes_are_written_in_the_largest_unit_that_they_fill(number: int, expected: str) -> None:
    assert expected == bytes_quantity(number)


@pytest.mark.parametrize(("cores", "expected"), [(0, "0"), (0.125, "125m"), (2, "2"), (1.5, "1500m")])
def test_cores_are_written_as_the_api_server_writes_them(cores: float, expected: str) -> None:
    assert expected == cores_quantity(cores)
