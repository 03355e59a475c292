"""Quantities."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clusters.embedded import quantity


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1500m", "1500m"),
        ("1024Mi", "1Gi"),
        ("1536Mi", "1536Mi"),
        ("1000Ki", "1000Ki"),
        ("0", "0"),
        ("100000", "100k"),
        (2, "2"),
        (0.1, "100m"),
    ],
)
def test_the_canonical_form_is_that_of_kubernetes(written: object, canonical: str) -> None:
    assert canonical == quantity.canonical(written)


@pytest.mark.parametrize(
    "text", ["", "lots", "1 Gi", "1gi", "--1", "1.2.3", "Gi", "0x10", "1e9999", "1" * 500, True, None]
)
def test_what_is_no_quantity_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="quantities must match"):
        quantity.parse(text)


@pytest.mark.parametrize("text", ["1e999", "9" * 90, "9999999999999E"])
def test_what_is_too_large_is_as_large_as_can_be(text: str) -> None:
    assert quantity.parse(text) == 2**63 - 1
    assert quantity.render(quantity.parse(text)) == str(2**63 - 1)


@given(st.integers(min_value=0, max_value=10**15), st.booleans())
def test_rendering_loses_nothing(milli: int, binary: bool) -> None:
    number = Decimal(milli) / 1000

    assert number == quantity.parse(quantity.render(number, binary=binary))
