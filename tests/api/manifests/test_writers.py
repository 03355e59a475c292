"""Who set a field is read from what Kubernetes keeps of it."""

from __future__ import annotations

from typing import Any

from api.manifests.writers import writers

Fields = dict[str, Any]


def entry(manager: str, fields: Fields, *, minute: int = 0) -> dict[str, Any]:
    return {"manager": manager, "operation": "Update", "time": f"2026-01-01T00:{minute:02}:00Z", "fieldsV1": fields}


def live(*entries: dict[str, Any]) -> dict[str, Any]:
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    containers = [{"name": "app", "image": "web:1", "env": env, "command": ["serve", "now"]}]
    metadata = {"name": "web", "labels": {"app.kubernetes.io/name": "web"}, "managedFields": list(entries)}
    return {"metadata": metadata, "spec": {"replicas": 3, "template": {"spec": {"containers": containers}}}}


def container(fields: Fields) -> dict[str, Any]:
    return {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {".": {}, **fields}}}}}}


def test_each_field_has_the_manager_that_owns_it() -> None:
    variable: Fields = {'k:{"name":"B"}': {".": {}, "f:name": {}, "f:value": {}}}
    app = "spec.template.spec.containers[app]"

    assert {
        "spec.replicas": "scaler",
        f"{app}.image": "moorage",
        f"{app}.command": "moorage",
        f"{app}.env[B].value": "editor",
    } == {
        path: manager
        for path, manager in writers(
            live(
                entry("moorage", container({"f:image": {}, "f:command": {}})),
                entry("editor", container({"f:env": variable})),
                entry("scaler", {"f:spec": {"f:replicas": {}}}),
            )
        ).items()
        if not path.endswith("name")
    }


def test_a_field_of_two_managers_is_of_the_later_one() -> None:
    fields: Fields = {"f:spec": {"f:replicas": {}}}

    assert {"spec.replicas": "late"} == writers(live(entry("late", fields, minute=2), entry("early", fields, minute=1)))


def test_names_with_dots_are_labels_and_no_steps() -> None:
    fields: Fields = {"f:metadata": {"f:labels": {".": {}, "f:app.kubernetes.io/name": {}}}}

    assert {"metadata.labels[app.kubernetes.io/name]": "moorage"} == writers(live(entry("moorage", fields)))


def test_what_is_owned_and_absent_is_left_out() -> None:
    assert {} == writers(live(entry("moorage", {"f:spec": {"f:paused": {}}})))
