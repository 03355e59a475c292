"""A plan's fingerprint moves with what people change, and with nothing that the cluster does by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable

import pytest

from api.clusters.objects import REVISION
from api.manifests import fingerprints
from api.manifests.builder import Object
from api.manifests.fingerprints import managed, snapshot
from tests.api.manifests.specs import WEB, built, with_secrets

Change = Callable[[Object], object]
SPEC = with_secrets(TOKEN="canary-7d1f")


def fingerprint(objects: Iterable[Object]) -> str:
    """That of a plan for what `SPEC` has become in the cluster."""
    ours = managed(built(SPEC).values())
    return fingerprints.fingerprint(snapshot(each, ours, digest) for each in objects)


def digest(text: str) -> str:
    return f"hash of {len(text)} characters"


def live(kind: str) -> Object:
    """An object as the API server gives it."""
    manifest = built(SPEC)[kind]
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
        lambda each: each["metadata"]["labels"].update(team="harbour"),
        lambda each: each["metadata"]["annotations"].update({"operator.example/seen": "true"}),
        lambda each: each["spec"].update(paused=False),
    ],
)
def test_it_stays_when_the_cluster_does_its_work_or_others_add_what_is_theirs(change: Change) -> None:
    assert fingerprint([live("Deployment")]) == fingerprint([changed("Deployment", change)])


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each["spec"].update(replicas=1),
        lambda each: each["spec"]["template"]["spec"]["containers"][0].update(image="other"),
        lambda each: each["metadata"].update(uid="deleted-and-created-again"),
        lambda each: each["metadata"]["labels"].pop("app.kubernetes.io/name"),
        lambda each: each["spec"]["template"]["spec"]["containers"].append({"name": "spy", "image": "spy"}),
        lambda each: each["spec"]["template"]["metadata"]["annotations"].update({REVISION: "2"}),
    ],
)
def test_it_moves_when_somebody_changes_the_object(change: Change) -> None:
    assert fingerprint([live("Deployment")]) != fingerprint([changed("Deployment", change)])


def test_it_moves_when_a_secrets_value_is_written() -> None:
    written = changed("Secret", lambda each: each["data"].update(TOKEN="c29tZXRoaW5nIGVsc2U="))

    assert fingerprint([live("Secret")]) != fingerprint([written])


def test_what_is_kept_of_a_secrets_values_is_what_the_digest_gives() -> None:
    """Whoever reads the plans must not be able to try values out."""
    kept = snapshot(live("Secret"), managed(built(SPEC).values()), digest)

    assert {"data.TOKEN": "hash of 18 characters"} == {
        path: text for path, text in kept.fields.items() if path.startswith("data")
    }


def test_what_an_autoscaler_sets_is_not_ours() -> None:
    """A Deployment whose manifest leaves its replicas out belongs to the autoscaler in that."""
    manifest = built(SPEC)["Deployment"]
    del manifest["spec"]["replicas"]
    scaled = changed("Deployment", lambda each: each["spec"].update(replicas=9))

    kept = [snapshot(each, managed([manifest]), digest) for each in (live("Deployment"), scaled)]

    assert kept[0] == kept[1]


def test_it_moves_when_an_object_comes_or_goes() -> None:
    deployment, service = live("Deployment"), live("Service")

    assert 3 == len({fingerprint([]), fingerprint([deployment]), fingerprint([deployment, service])})


def test_the_order_of_objects_does_not_matter() -> None:
    objects = [live(kind) for kind in built(WEB)]

    assert fingerprint(objects) == fingerprint(reversed(objects))
