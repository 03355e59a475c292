"""What a plan says would change: every field that does, none that does not, and no secret."""

from __future__ import annotations

import base64
import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given

from api.clusters.objects import REVISION
from api.manifests.builder import Object
from api.manifests.diff import diff
from api.manifests.models import ChangeAction, FieldChange, WorkloadSize, WorkloadSpec
from tests.api.manifests.specs import WEB, accepted_specs, bounded, built, texts, with_environment, with_secrets

CONTAINER = "spec.template.spec.containers[app]"


def changes(before: WorkloadSpec, after: WorkloadSpec, kind: str = "Deployment") -> dict[str, FieldChange]:
    """What changes in one object between two specs, by path."""
    found = diff(built(before)[kind], built(after)[kind])
    return {change.path: change for change in found.changes}


def update(path: str, before: Any, after: Any) -> FieldChange:
    return FieldChange(path, ChangeAction.UPDATE, json.dumps(before), json.dumps(after))


def test_an_object_that_is_not_there_is_created() -> None:
    found = diff(None, built(WEB)["Deployment"])

    assert ("Deployment", "web", ChangeAction.CREATE) == (found.kind, found.name, found.action)


@bounded
@given(accepted_specs())
def test_an_object_is_unchanged_against_itself(spec: WorkloadSpec) -> None:
    for manifest in built(spec).values():
        found = diff(copy.deepcopy(manifest), manifest)

        assert (ChangeAction.UNCHANGED, ()) == (found.action, found.changes)


def test_a_change_names_the_field_with_its_value_before_and_after() -> None:
    found = diff(built(WEB)["Deployment"], built(replace(WEB, replicas=5))["Deployment"])

    assert ChangeAction.UPDATE is found.action
    assert (update("spec.replicas", 3, 5),) == found.changes


def test_items_of_a_list_are_told_apart_by_name() -> None:
    found = changes(with_environment(A="1", B="2"), with_environment(A="1", B="3"))

    assert {f"{CONTAINER}.env[B].value": update(f"{CONTAINER}.env[B].value", "2", "3")} == found


def test_an_item_taken_out_of_the_middle_leaves_its_neighbours_alone() -> None:
    found = changes(with_environment(A="1", B="2", C="3"), with_environment(A="1", C="3"))

    assert {f"{CONTAINER}.env[B]"} == found.keys()
    assert ChangeAction.DELETE is found[f"{CONTAINER}.env[B]"].action


def test_an_item_put_in_is_told_whole() -> None:
    (added,) = changes(with_environment(A="1"), with_environment(A="1", B="2")).values()

    assert (f"{CONTAINER}.env[B]", ChangeAction.CREATE, None) == (added.path, added.action, added.before)
    assert {"name": "B", "value": "2"} == json.loads(added.after or "")


def test_lists_without_a_key_are_compared_whole() -> None:
    before, after = built(WEB)["Deployment"], built(WEB)["Deployment"]
    before["spec"]["template"]["spec"]["containers"][0]["args"] = ["a", "b"]
    after["spec"]["template"]["spec"]["containers"][0]["args"] = ["a", "c"]

    assert (update(f"{CONTAINER}.args", ["a", "b"], ["a", "c"]),) == diff(before, after).changes


def test_keys_with_dots_and_slashes_stand_in_brackets() -> None:
    before, after = (built(WEB, template_revision=number)["Deployment"] for number in (1, 2))
    expected = f"spec.template.metadata.annotations[{REVISION}]"

    assert [expected] == [change.path for change in diff(before, after).changes]


def test_a_change_of_size_tells_requests_and_limits() -> None:
    found = changes(WEB, replace(WEB, size=WorkloadSize.M))
    places = {f"{CONTAINER}.resources.{kind}.{name}" for kind in ("requests", "limits") for name in ("cpu", "memory")}

    assert places == found.keys()


@pytest.mark.parametrize(
    "noise",
    [
        {"status": {"readyReplicas": 3}},
        {"metadata": {"resourceVersion": "12"}},
        {"metadata": {"uid": "0b8d"}},
        {"metadata": {"generation": 4}},
        {"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"}},
        {"metadata": {"managedFields": [{"manager": "moorage"}]}},
        {"metadata": {"annotations": {"deployment.kubernetes.io/revision": "7"}}},
        {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}}},
        {"metadata": {"annotations": {REVISION: "7"}}},
    ],
)
def test_what_the_cluster_keeps_for_itself_is_no_change(noise: Object) -> None:
    live, wanted = built(WEB)["Deployment"], built(WEB)["Deployment"]
    live["metadata"] |= {
        "annotations": live["metadata"]["annotations"] | noise.get("metadata", {}).get("annotations", {})
    }
    live["metadata"] |= {key: value for key, value in noise.get("metadata", {}).items() if key != "annotations"}
    live |= {key: value for key, value in noise.items() if key != "metadata"}

    assert ChangeAction.UNCHANGED is diff(live, wanted).action


def test_labels_and_annotations_of_others_are_changes() -> None:
    live, wanted = built(WEB)["Service"], built(WEB)["Service"]
    live["metadata"]["labels"]["team"] = "harbour"

    assert ["metadata.labels.team"] == [change.path for change in diff(live, wanted).changes]


def test_comparing_changes_neither_side() -> None:
    live, wanted = built(WEB)["Deployment"], built(replace(WEB, replicas=1))["Deployment"]
    live_before, wanted_before = copy.deepcopy(live), copy.deepcopy(wanted)

    diff(live, wanted)

    assert (live_before, wanted_before) == (live, wanted)


@bounded
@given(texts, texts)
def test_that_a_secret_changes_is_told_and_neither_value(old: str, new: str) -> None:
    """Nor length, nor hash: every change looks the same."""
    assume(old != new)

    found = changes(with_secrets(TOKEN=old), with_secrets(TOKEN=new), "Secret")

    assert {"data.TOKEN": update("data.TOKEN", "(redacted)", "(redacted)")} == found


def test_a_secret_that_comes_or_goes_is_told_by_name() -> None:
    found = changes(with_secrets(OLD="x", KEPT="y"), with_secrets(KEPT="y", NEW="z"), "Secret")

    assert {"data.OLD": ChangeAction.DELETE, "data.NEW": ChangeAction.CREATE} == {
        path: change.action for path, change in found.items()
    }
    assert ('"(redacted)"', None) == (found["data.OLD"].before, found["data.OLD"].after)


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_secret_without_data_before_shows_none_of_it_after(field: str) -> None:
    wanted = built(with_secrets(TOKEN="canary-7d1f"))["Secret"]
    wanted[field] = wanted.pop("data")
    live = {key: value for key, value in wanted.items() if key != field}

    found = diff(live, wanted)

    assert [field] == [change.path for change in found.changes]
    assert "canary" not in str(found)
    assert base64.b64encode(b"canary-7d1f").decode() not in str(found)
