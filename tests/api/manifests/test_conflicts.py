"""What moved since a plan was made is told field by field: planned, live, base."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from api.errors import FieldConflict
from api.manifests.builder import Object
from api.manifests.conflicts import conflicts
from api.manifests.fingerprints import managed, snapshot
from api.manifests.models import WorkloadSpec
from tests.api.manifests.specs import WEB, built, with_environment, with_secrets


def live(spec: WorkloadSpec, *, uid: str = "0b8d") -> list[Object]:
    """The objects of `spec` as the API server gives them."""
    objects = list(built(spec).values())
    for each in objects:
        each["metadata"]["uid"] = uid
    return objects


def told(spec: WorkloadSpec, now: Iterable[Object], planned: WorkloadSpec) -> list[FieldConflict]:
    """The conflicts of a plan that was made for `spec` to become `planned`, where the cluster has `now`."""
    wanted = list(built(planned).values())
    ours = managed([*built(spec).values(), *wanted])
    base = [snapshot(each, ours, str.upper) for each in live(spec)]
    return conflicts(base, [snapshot(each, ours, str.upper) for each in now], wanted)


def test_a_field_that_moved_has_three_values() -> None:
    found = told(WEB, live(replace(WEB, replicas=9)), replace(WEB, replicas=5))

    assert [FieldConflict("Deployment", "web", "spec.replicas", planned="5", live="9", base="3")] == found


def test_a_field_that_the_plan_removes_is_planned_to_be_absent() -> None:
    found = told(with_environment(A="1"), live(with_environment(A="2")), WEB)

    path = "spec.template.spec.containers[app].env[A].value"
    assert [FieldConflict("Deployment", "web", path, planned=None, live='"2"', base='"1"')] == found


def test_a_field_that_others_set_meanwhile_was_absent() -> None:
    found = told(WEB, live(with_environment(A="2")), with_environment(A="3"))

    path = "spec.template.spec.containers[app].env[A].value"
    assert [FieldConflict("Deployment", "web", path, planned='"3"', live='"2"', base=None)] == found


def test_a_secrets_value_is_never_told() -> None:
    found = told(with_secrets(TOKEN="old"), live(with_secrets(TOKEN="live")), with_secrets(TOKEN="new"))

    hidden = json.dumps("(redacted)")
    assert [FieldConflict("Secret", "web-secrets", "data.TOKEN", planned=hidden, live=hidden, base=hidden)] == found


def test_an_object_that_is_gone_is_one_conflict() -> None:
    found = told(WEB, [each for each in live(WEB) if each["kind"] != "Service"], WEB)

    assert [FieldConflict("Service", "web", "metadata.uid", planned='"0b8d"', live=None, base='"0b8d"')] == found


def test_an_object_that_was_made_anew_is_told_by_its_uid_and_by_what_differs() -> None:
    now = [*live(replace(WEB, replicas=9), uid="1c9e")[-1:], *live(WEB)[:-1]]

    found = told(WEB, now, WEB)

    assert [("metadata.uid", '"1c9e"'), ("spec.replicas", "9")] == [(each.path, each.live) for each in found]


def test_an_object_that_turned_up_is_one_conflict() -> None:
    extra = {**live(WEB)[0], "kind": "Job", "metadata": {"name": "by-hand", "uid": "1c9e"}}

    found = told(WEB, [*live(WEB), extra], WEB)

    assert [FieldConflict("Job", "by-hand", "metadata.uid", planned=None, live='"1c9e"', base=None)] == found


def test_nothing_moved_is_no_conflict() -> None:
    assert [] == told(WEB, live(WEB), replace(WEB, replicas=5))
