"""Ids: opaque, and read back only as they were written."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_schema.nodes import NodeKey, decode_id, decode_uuid, encode_id


@given(value=st.text(min_size=1, max_size=30))
def test_an_id_names_what_it_was_made_for(value: str) -> None:
    assert NodeKey("Pod", value) == decode_id(encode_id("Pod", value))


@given(text=st.text(max_size=300))
def test_any_other_text_names_nothing_or_is_what_would_be_written(text: str) -> None:
    key = decode_id(text)

    assert key is None or encode_id(key.type_name, key.value) == text


@pytest.mark.parametrize("text", ["", "x", "====", "a" * 201, "VXNlcg", "VXNlcjox=", "é", " VXNlcjox"])
def test_forged_ids_name_nothing(text: str) -> None:
    assert decode_id(text) is None


def test_a_uuid_is_read_only_in_its_canonical_form_and_for_its_type() -> None:
    uuid = uuid4()

    assert uuid == decode_uuid(encode_id("User", uuid), "User")
    assert decode_uuid(encode_id("User", uuid), "Workload") is None
    assert decode_uuid(encode_id("User", str(uuid).upper()), "User") is None
    assert decode_uuid(encode_id("User", "7"), "User") is None
