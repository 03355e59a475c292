"""Text from strangers: read, or refused with a reason; never believed, and never run."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.pasting.reading import MOST_BYTES, read

LAUGHS = "a: &a [x]\nb: &b [*a, *a]\nservices: {web: {image: x, command: *b}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is no"),
        ("hello", "This is no"),
        ("- a\n- b\n", "This is no"),
        ("FROM nginx\nRUN true", "This is no|cannot be read"),
        (LAUGHS, "Anchors and aliases"),
        ("services: {web: {image: !!python/object/apply:os.system [id]}}", "cannot be read as YAML in line 1"),
        ("services:\n  web: {image: x, image: y}", "line 2: 'image' is given twice"),
        ("[" * 40 + "]" * 40, "nested deeper"),
        ("---\n" * 60, "more than 50 documents"),
        ("a: b: c", "cannot be read as YAML in line 1"),
        ("services: {web: {image: 'x\0'}}", "cannot be read as YAML"),
        ("? [a]\n: b\n", "a key is no text"),
        ("x" * (MOST_BYTES + 1), "longer than 64 KiB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        read(text)

    assert ("text",) == refused.value.path


def test_half_a_character_is_no_crash() -> None:
    with pytest.raises(InvalidInput):
        read("\ud800")
