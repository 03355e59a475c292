"""A claim is known by its name: whose it is, or was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.manifests.claims import claims_of, is_claim_of
from api.manifests.models import Volume
from tests.api.manifests.specs import DATABASE, WEB

TWO = replace(DATABASE, replicas=2, volumes=(Volume("data", "/data", 1), Volume("logs", "/logs", 2)))


def test_each_replica_has_a_claim_for_each_volume() -> None:
    found = claims_of(TWO, 2)

    assert {"data-db-0": 1, "data-db-1": 1, "logs-db-0": 2, "logs-db-1": 2} == {
        name: volume.size_gib for name, volume in found.items()
    }


@pytest.mark.parametrize("name", [*claims_of(TWO, 2), "data-db-17"])
def test_those_of_former_replicas_are_the_app_s_too(name: str) -> None:
    assert is_claim_of(TWO, name)


@pytest.mark.parametrize("name", ["data-db", "data-db-x", "data-db-01", "tmp-db-0", "data-my-db-0", "data-db-0-0"])
def test_what_has_another_name_is_not(name: str) -> None:
    assert not is_claim_of(TWO, name)


def test_an_app_without_volumes_has_none() -> None:
    assert not is_claim_of(WEB, "-web-0")
