"""Names of namespaces."""

from __future__ import annotations

import re

import pytest

from api.errors import InvalidInput
from api.namespaces.names import check_name, new_slug


@pytest.mark.parametrize("name", ["a", "team-a", "0", "a" * 63, "cubes", "defaults"])
def test_takes_dns_labels(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "a_b",
        "-a",
        "a-",
        "a.b",
        "a" * 64,
        "ä",
        "a\n",
        "a b",
        "default",
        "kube-system",
        "kube",
        "openshift-x",
        "moorage",
    ],
)
def test_refuses_what_is_no_label_or_is_reserved(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_name(name)

    assert ("name",) == refusal.value.path
    assert refusal.value.example is not None


@pytest.mark.parametrize("name", ["a", "team-a", "a" * 63, "a" * 55 + "-b", "0" * 63])
def test_a_slug_is_a_label_made_of_the_name_and_a_random_suffix(name: str) -> None:
    slug = new_slug(name)

    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", slug)
    assert re.fullmatch(r"[a-z2-7]{6}", slug.rpartition("-")[2])
    assert slug.startswith(name[:50])


def test_two_slugs_of_one_name_differ() -> None:
    assert new_slug("team-a") != new_slug("team-a")
