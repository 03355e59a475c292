"""What guards a namespace: share, network, rights and Pod Security."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest

from api.clusters.objects import MANAGED_BY, MANAGER, NAMESPACE_ID, OWNER_ID
from api.manifests.namespace import Object, build_namespace
from api.manifests.quantities import parse


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    owner_id: UUID


@dataclass(frozen=True)
class Share:
    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 30
    storage: str = "20Gi"
    load_balancers: int = 0


PLACE = Place(id=UUID(int=1), slug="ada-4k2m", owner_id=UUID(int=2))


def built(share: Share | None = None) -> dict[tuple[str, str], Object]:
    """The objects of a namespace by kind and name."""
    objects = build_namespace(PLACE, share or Share())
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


def test_the_namespace_comes_first_and_everything_else_is_in_it() -> None:
    first, *others = build_namespace(PLACE, Share())

    assert ("Namespace", PLACE.slug) == (first["kind"], first["metadata"]["name"])
    assert {PLACE.slug} == {each["metadata"]["namespace"] for each in others}


def test_every_object_says_whose_it_is() -> None:
    expected = {MANAGED_BY: MANAGER, NAMESPACE_ID: str(PLACE.id)}

    for manifest in built().values():
        assert expected.items() <= manifest["metadata"]["labels"].items()
    assert str(PLACE.owner_id) == built()["Namespace", PLACE.slug]["metadata"]["labels"][OWNER_ID]


@pytest.mark.parametrize("mode", ["enforce", "warn", "audit"])
def test_pod_security_is_restricted(mode: str) -> None:
    labels = built()["Namespace", PLACE.slug]["metadata"]["labels"]

    assert "restricted" == labels[f"pod-security.kubernetes.io/{mode}"]


def test_the_quota_is_the_share_and_requests_are_half_of_it() -> None:
    hard = built()["ResourceQuota", "quota"]["spec"]["hard"]

    assert {"limits.cpu": "4", "limits.memory": "8Gi", "pods": "30"}.items() <= hard.items()
    assert {"requests.cpu": "2", "requests.memory": "4Gi"}.items() <= hard.items()


def test_a_share_of_any_notation_is_halved_exactly() -> None:
    hard = built(Share(cpu="1500m", memory="3G"))["ResourceQuota", "quota"]["spec"]["hard"]

    assert Decimal("0.75") == parse(hard["requests.cpu"])
    assert 1_500_000_000 == parse(hard["requests.memory"])


def test_nothing_is_opened_to_the_outside_of_the_cluster() -> None:
    hard = built()["ResourceQuota", "quota"]["spec"]["hard"]

    assert ("0", "0") == (hard["services.loadbalancers"], hard["services.nodeports"])


def test_a_container_without_a_size_gets_the_smallest_and_none_more_than_the_namespace() -> None:
    (limit,) = built()["LimitRange", "limits"]["spec"]["limits"]

    assert {"cpu": "250m", "memory": "256Mi"} == limit["default"]
    assert {"cpu": "125m", "memory": "128Mi"} == limit["defaultRequest"]
    assert {"cpu": "4", "memory": "8Gi"} == limit["max"]


def test_every_pod_is_shut_off_in_both_directions_but_for_dns() -> None:
    spec = built()["NetworkPolicy", "default-deny"]["spec"]
    (egress,) = spec["egress"]

    assert ({}, ["Ingress", "Egress"]) == (spec["podSelector"], spec["policyTypes"])
    assert [] == spec["ingress"]
    assert [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}] == egress["to"]
    assert [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}] == egress["ports"]


def test_pods_of_one_namespace_reach_each_other_and_no_others() -> None:
    spec = built()["NetworkPolicy", "same-namespace"]["spec"]

    assert [{"from": [{"podSelector": {}}]}] == spec["ingress"]
    assert [{"to": [{"podSelector": {}}]}] == spec["egress"]


def test_the_owner_may_look_and_see_no_secret() -> None:
    rules = built()["Role", "owner"]["rules"]

    assert {"get", "list", "watch"} == {verb for rule in rules for verb in rule["verbs"]}
    assert {"secrets", "*"}.isdisjoint(resource for rule in rules for resource in rule["resources"])


def test_the_rights_are_the_owners_alone() -> None:
    binding = built()["RoleBinding", "owner"]

    assert [f"moorage:{PLACE.owner_id}"] == [subject["name"] for subject in binding["subjects"]]
    assert ("Role", "owner") == (binding["roleRef"]["kind"], binding["roleRef"]["name"])
