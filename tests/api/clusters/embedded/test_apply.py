"""Server-side apply: who owns which field, and what follows from it."""

from __future__ import annotations

from typing import Any

from tests.api.clusters.embedded.client import JSON_PATCH, Client, Obj
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import deployment


def config(**data: str) -> Obj:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared"}, "data": data}


def path(namespace: Namespace) -> str:
    return f"{namespace.core}/configmaps/shared"


def owned(obj: Obj, manager: str, operation: str = "Apply") -> Any:
    """The fields of a manager's entry."""
    for entry in obj["metadata"]["managedFields"]:
        if (entry["manager"], entry["operation"]) == (manager, operation):
            return entry["fieldsV1"]
    return None


def variables(obj: Obj) -> dict[str, str]:
    [container] = obj["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container.get("env", [])}


async def test_an_apply_creates_what_is_not_there(client: Client, namespace: Namespace) -> None:
    created = await client.apply(path(namespace), config(a="1"), "one")
    again = await client.apply(path(namespace), config(a="1"), "one")

    assert (201, 200) == (created.status, again.status)
    assert created.body["metadata"]["resourceVersion"] == again.body["metadata"]["resourceVersion"]
    assert owned(created.body, "one") == {"f:data": {"f:a": {}}}


async def test_a_manager_has_to_be_named(client: Client, namespace: Namespace) -> None:
    refused = await client.send("PATCH", path(namespace), config(a="1"), content_type="application/apply-patch+yaml")

    assert refused.causes == [("fieldManager", "FieldValueRequired")]


async def test_fields_of_another_manager_conflict_by_name(client: Client, namespace: Namespace) -> None:
    await client.apply(path(namespace), config(a="1", b="1"), "one")

    refused = await client.apply(path(namespace), config(a="2"), "two")

    assert (409, "Conflict") == (refused.status, refused.body["reason"])
    assert refused.body["message"] == 'Apply failed with 1 conflict: conflict with "one": .data.a'
    assert refused.causes == [(".data.a", "FieldManagerConflict")]


async def test_force_takes_the_fields_over(client: Client, namespace: Namespace) -> None:
    await client.apply(path(namespace), config(a="1", b="1"), "one")

    forced = await client.apply(path(namespace), config(a="2"), "two", force="true")

    assert forced.body["data"] == {"a": "2", "b": "1"}
    assert owned(forced.body, "one") == {"f:data": {"f:b": {}}}
    assert owned(forced.body, "two") == {"f:data": {"f:a": {}}}


async def test_equal_values_are_shared(client: Client, namespace: Namespace) -> None:
    await client.apply(path(namespace), config(a="1"), "one")

    shared = await client.apply(path(namespace), config(a="1"), "two")
    kept = await client.apply(path(namespace), config(), "one")

    assert shared.status == 200
    assert kept.body["data"] == {"a": "1"}


async def test_a_field_that_its_only_manager_drops_is_removed(client: Client, namespace: Namespace) -> None:
    await client.apply(path(namespace), config(a="1", b="1"), "one")

    dropped = await client.apply(path(namespace), config(a="1"), "one")

    assert dropped.body["data"] == {"a": "1"}


async def test_list_items_are_owned_one_by_one(client: Client, namespace: Namespace) -> None:
    address = f"{namespace.deployments}/web"
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]
    await client.apply(address, deployment(replicas=0, more={"env": env}), "one")
    other = {"spec": {"template": {"spec": {"containers": [{"name": "app", "env": [{"name": "C", "value": "2"}]}]}}}}
    await client.apply(
        address, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, **other}, "two"
    )

    dropped = await client.apply(address, deployment(replicas=0, more={"env": env[:1]}), "one")

    assert variables(dropped.body) == {"A": "1", "C": "2"}


async def test_a_struct_that_is_dropped_takes_its_defaults_along(client: Client, namespace: Namespace) -> None:
    address = f"{namespace.deployments}/web"
    probe = {"readinessProbe": {"httpGet": {"port": 80}}}
    created = await client.apply(address, deployment(replicas=0, more=probe), "one")

    dropped = await client.apply(address, deployment(replicas=0), "one")

    assert "periodSeconds" in created.body["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
    assert "readinessProbe" not in dropped.body["spec"]["template"]["spec"]["containers"][0]


async def test_scaling_moves_the_replicas_to_who_scaled(client: Client, namespace: Namespace) -> None:
    address = f"{namespace.deployments}/web"
    await client.apply(address, deployment(replicas=0), "one")
    await client.patch(f"{address}/scale", {"spec": {"replicas": 1}}, fieldManager="scaler")

    refused = await client.apply(address, deployment(replicas=0), "one")
    without = deployment()
    del without["spec"]["replicas"]
    kept = await client.apply(address, without, "one")

    assert refused.causes == [(".spec.replicas", "FieldManagerConflict")]
    assert 'with subresource "scale"' in refused.body["message"]
    assert kept.body["spec"]["replicas"] == 1


async def test_a_field_nobody_takes_over_falls_back_to_its_default(client: Client, namespace: Namespace) -> None:
    """The trap of giving up `spec.replicas`: it is 1 afterwards."""
    address = f"{namespace.deployments}/web"
    await client.apply(address, deployment(replicas=3), "one")
    without = deployment()
    del without["spec"]["replicas"]

    given_up = await client.apply(address, without, "one")

    assert given_up.body["spec"]["replicas"] == 1


async def test_what_was_posted_belongs_to_an_update_of_its_manager(client: Client, namespace: Namespace) -> None:
    """So a later apply of the same manager does not remove what it leaves out."""
    await client.post(f"{namespace.core}/configmaps", config(a="1", b="1"), fieldManager="one")

    applied = await client.apply(path(namespace), config(a="1"), "one")

    assert applied.body["data"] == {"a": "1", "b": "1"}
    assert owned(applied.body, "one", "Update") == {"f:data": {".": {}, "f:a": {}, "f:b": {}}}


async def test_ownership_can_be_handed_from_update_to_apply(client: Client, namespace: Namespace) -> None:
    created = await client.post(f"{namespace.core}/configmaps", config(a="1", b="1"), fieldManager="one")
    [entry] = created.body["metadata"]["managedFields"]
    entries = [{**entry, "operation": "Apply"}]
    await client.patch(
        path(namespace), [{"op": "replace", "path": "/metadata/managedFields", "value": entries}], JSON_PATCH
    )

    applied = await client.apply(path(namespace), config(a="1"), "one")

    assert applied.body["data"] == {"a": "1"}


async def test_a_field_that_the_kind_does_not_have_cannot_be_applied(client: Client, namespace: Namespace) -> None:
    refused = await client.apply(path(namespace), {**config(a="1"), "datum": {}}, "one")

    assert refused.status == 500
    assert refused.body["message"].endswith(".datum: field not declared in schema")


async def test_a_dry_run_of_an_apply_shows_and_stores_nothing(client: Client, namespace: Namespace) -> None:
    await client.apply(path(namespace), config(a="1"), "one")

    shown = await client.apply(path(namespace), config(a="2"), "one", dryRun="All")

    assert shown.body["data"] == {"a": "2"}
    assert (await client.get(path(namespace))).body["data"] == {"a": "1"}


async def test_an_apply_of_a_deployment_is_rolled_out(client: Client, namespace: Namespace) -> None:
    await client.apply(f"{namespace.deployments}/web", deployment(replicas=2), "one")

    await client.until(namespace.deployments, "web", lambda obj: obj["status"].get("availableReplicas") == 2)
