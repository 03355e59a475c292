"""A plan's fingerprint moves with what people change, and with nothing that the cluster does by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from api.clusters.objects import REVISION
from api.manifests.builder import Object
from api.manifests.fingerprints import fingerprint
from tests.api.manifests.specs import WEB, built, with_secrets

Change = Callable[[Object], object]


def live(kind: str) -> Object:
    """An object as the API server gives it."""
    manifest = built(with_secrets(TOKEN="canary-7d1f"))[kind]
    manifest["metadata"] |= {"uid": "0b8d", "resourceVersion": "12", "generation": 3}
    return manifest | {"status": {"readyReplicas": 3}}


def changed(kind: str, change: Change) -> Object:
    manifest = copy.deepcopy(live(kind))
    change(manifest)
    return manifest


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each["status"].update(readyReplicas=1),
        lambda each: each["metadata"].update(resourceVersion="13"),
        lambda each: each["metadata"].update(generation=4),
        lambda each: each["metadata"].update(managedFields=[{"manager": "kubelet"}]),
        lambda each: each["metadata"]["annotations"].update({"deployment.kubernetes.io/revision": "2"}),
        lambda each: each["metadata"]["annotations"].update({REVISION: "2"}),
    ],
)
def test_it_stays_when_the_cluster_does_its_work(change: Change) -> None:
    assert fingerprint([live("Deployment")]) == fingerprint([changed("Deployment", change)])


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each["spec"].update(replicas=1),
        lambda each: each["spec"]["template"]["spec"]["containers"][0].update(image="other"),
        lambda each: each["metadata"].update(uid="deleted-and-created-again"),
        lambda each: each["metadata"]["labels"].update(team="harbour"),
        lambda each: each["spec"]["template"]["metadata"]["annotations"].update({REVISION: "2"}),
    ],
)
def test_it_moves_when_somebody_changes_the_object(change: Change) -> None:
    assert fingerprint([live("Deployment")]) != fingerprint([changed("Deployment", change)])


def test_it_moves_when_a_secret_is_written() -> None:
    written = changed("Secret", lambda each: each["metadata"].update(resourceVersion="13"))

    assert fingerprint([live("Secret")]) != fingerprint([written])


def test_it_is_no_hash_of_a_secrets_values() -> None:
    """Whoever reads the plans must not be able to try values out."""
    other = changed("Secret", lambda each: each["data"].update(TOKEN="b3RoZXI="))

    assert fingerprint([live("Secret")]) == fingerprint([other])


def test_it_moves_when_an_object_comes_or_goes() -> None:
    deployment, service = live("Deployment"), live("Service")

    assert 3 == len({fingerprint([]), fingerprint([deployment]), fingerprint([deployment, service])})


def test_the_order_of_objects_does_not_matter() -> None:
    objects = list(built(WEB).values())

    assert fingerprint(objects) == fingerprint(reversed(objects))
