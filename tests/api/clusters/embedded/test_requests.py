"""The REST protocol: reading, writing, and what is refused."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from api.clusters.embedded import EmbeddedCluster
from tests.api.clusters.embedded.client import JSON_PATCH, MERGE, STRATEGIC, Client, Obj
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import deployment, pod

PARTIAL = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


def config_map(name: str, **labels: str) -> Obj:
    return {"metadata": {"name": name, "labels": labels}, "data": {"key": "value"}}


@pytest.fixture
async def config_maps(client: Client, namespace: Namespace) -> str:
    """A collection that holds `blue`, `green` and `red` with a label `colour`, beside what each namespace has."""
    path = f"{namespace.core}/configmaps"
    await client.until(path, "kube-root-ca.crt", lambda _: True)
    for colour in ("red", "green", "blue"):
        await client.post(path, config_map(colour, colour=colour, tier="front" if colour == "red" else "back"))
    return path


def names(answer: Any) -> list[str]:
    return [each["metadata"]["name"] for each in answer.body["items"]]


async def test_without_the_token_nothing_is_served(cluster: EmbeddedCluster) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {cluster.token}"}):
        async with (
            aiohttp.ClientSession(cluster.url, headers=headers) as session,
            session.get("/api/v1/pods") as answer,
        ):
            body = await answer.json()

        assert answer.status == 401
        assert (body["reason"], body["code"]) == ("Unauthorized", 401)


async def test_only_loopback_is_listened_on(cluster: EmbeddedCluster) -> None:
    assert cluster.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("colour=red", ["red"]),
        ("colour==red", ["red"]),
        ("colour!=red,colour", ["blue", "green"]),
        ("colour in (red, blue)", ["blue", "red"]),
        ("colour notin (red),colour", ["blue", "green"]),
        ("!colour", ["kube-root-ca.crt"]),
        ("tier", ["blue", "green", "red"]),
        ("tier=back,colour in (green,red)", ["green"]),
    ],
)
async def test_lists_are_selected_by_labels(
    client: Client, config_maps: str, selector: str, expected: list[str]
) -> None:
    assert expected == names(await client.get(config_maps, labelSelector=selector))


async def test_lists_are_selected_by_fields(client: Client, config_maps: str) -> None:
    assert names(await client.get(config_maps, fieldSelector="metadata.name=red")) == ["red"]
    assert (await client.get(config_maps, fieldSelector="data.key=value")).status == 400


async def test_pages_follow_one_another_and_say_how_much_is_left(client: Client, config_maps: str) -> None:
    first = await client.get(config_maps, limit="3")
    token = first.body["metadata"]["continue"]
    second = await client.get(config_maps, **{"limit": "3", "continue": token})

    assert first.body["metadata"]["remainingItemCount"] == 1
    assert names(first) + names(second) == ["blue", "green", "kube-root-ca.crt", "red"]
    assert "continue" not in second.body["metadata"]
    assert first.body["metadata"]["resourceVersion"] == second.body["metadata"]["resourceVersion"]


async def test_metadata_alone_is_answered_where_it_is_asked_for(cluster: EmbeddedCluster, config_maps: str) -> None:
    headers = {"Authorization": f"Bearer {cluster.token}", "Accept": PARTIAL}
    async with aiohttp.ClientSession(cluster.url, headers=headers) as session, session.get(config_maps) as answer:
        body = await answer.json()

    assert body["kind"] == "PartialObjectMetadataList"
    assert {frozenset(item) for item in body["items"]} == {frozenset({"kind", "apiVersion", "metadata"})}


async def test_names_are_generated(client: Client, namespace: Namespace) -> None:
    created = await client.post(f"{namespace.core}/configmaps", {"metadata": {"generateName": "some-"}})

    assert created.body["metadata"]["name"].startswith("some-")
    assert len(created.body["metadata"]["name"]) == len("some-") + 5


async def test_a_name_is_taken_once(client: Client, config_maps: str) -> None:
    refused = await client.post(config_maps, config_map("red"))

    assert (409, "AlreadyExists") == (refused.status, refused.body["reason"])


async def test_an_update_from_a_stale_version_conflicts(client: Client, config_maps: str) -> None:
    stale = (await client.get(f"{config_maps}/red")).body
    await client.patch(f"{config_maps}/red", {"data": {"key": "other"}})

    refused = await client.put(f"{config_maps}/red", stale)

    assert (409, "Conflict") == (refused.status, refused.body["reason"])


async def test_a_write_that_changes_nothing_keeps_the_version(client: Client, config_maps: str) -> None:
    before = (await client.get(f"{config_maps}/red")).body

    after = (await client.patch(f"{config_maps}/red", {"data": {"key": "value"}})).body

    assert before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]


async def test_the_generation_counts_changes_of_the_spec_alone(client: Client, namespace: Namespace) -> None:
    path = f"{namespace.deployments}/web"
    await client.post(namespace.deployments, deployment(replicas=0))

    labelled = await client.patch(path, {"metadata": {"labels": {"a": "b"}}})
    changed = await client.patch(path, {"spec": {"minReadySeconds": 1}})

    assert (1, 2) == (labelled.body["metadata"]["generation"], changed.body["metadata"]["generation"])


@pytest.mark.parametrize(
    ("content_type", "patch"),
    [
        (MERGE, {"data": {"key": None, "more": "1"}}),
        (STRATEGIC, {"data": {"key": None, "more": "1"}}),
        (JSON_PATCH, [{"op": "remove", "path": "/data/key"}, {"op": "add", "path": "/data/more", "value": "1"}]),
    ],
)
async def test_each_patch_changes_the_object(client: Client, config_maps: str, content_type: str, patch: Any) -> None:
    changed = await client.patch(f"{config_maps}/red", patch, content_type)

    assert changed.body["data"] == {"more": "1"}


async def test_a_strategic_patch_merges_containers_by_name(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, deployment(replicas=0, more={"env": [{"name": "A", "value": "1"}]}))
    containers = [{"name": "app", "env": [{"name": "B", "value": "2"}]}, {"name": "side", "image": "side:1"}]

    changed = await client.patch(
        f"{namespace.deployments}/web", {"spec": {"template": {"spec": {"containers": containers}}}}, STRATEGIC
    )

    merged = {each["name"]: each for each in changed.body["spec"]["template"]["spec"]["containers"]}
    assert {"app", "side"} == merged.keys()
    assert {"A", "B"} == {variable["name"] for variable in merged["app"]["env"]}


async def test_a_dry_run_answers_and_stores_nothing(client: Client, config_maps: str) -> None:
    created = await client.post(config_maps, config_map("new"), dryRun="All")
    patched = await client.patch(f"{config_maps}/red", {"data": {"key": "dry"}}, dryRun="All")
    deleted = await client.delete(f"{config_maps}/red", dryRun="All")

    assert (201, 200, 200) == (created.status, patched.status, deleted.status)
    assert "resourceVersion" not in created.body["metadata"]
    assert (await client.get(f"{config_maps}/new")).status == 404
    assert (await client.get(f"{config_maps}/red")).body["data"] == {"key": "value"}


async def test_a_finalizer_holds_an_object_until_it_is_taken_away(client: Client, config_maps: str) -> None:
    await client.patch(f"{config_maps}/red", {"metadata": {"finalizers": ["example.com/hold"]}})

    await client.delete(f"{config_maps}/red")
    held = await client.get(f"{config_maps}/red")
    await client.patch(f"{config_maps}/red", {"metadata": {"finalizers": None}})

    assert "deletionTimestamp" in held.body["metadata"]
    assert (await client.get(f"{config_maps}/red")).status == 404


async def test_a_deletion_can_name_the_object_that_it_means(client: Client, config_maps: str) -> None:
    refused = await client.delete(f"{config_maps}/red", {"preconditions": {"uid": "another"}})
    uid = (await client.get(f"{config_maps}/red")).body["metadata"]["uid"]
    deleted = await client.delete(f"{config_maps}/red", {"preconditions": {"uid": uid}})

    assert (409, 200) == (refused.status, deleted.status)


async def test_a_collection_is_deleted_by_selector(client: Client, config_maps: str) -> None:
    await client.delete(config_maps, labelSelector="tier=back")

    assert names(await client.get(config_maps)) == ["kube-root-ca.crt", "red"]


async def test_unknown_fields_are_refused_strictly_and_otherwise_dropped_with_a_warning(
    client: Client, namespace: Namespace
) -> None:
    body = deployment(replicas=0, replikas=3)

    strict = await client.post(namespace.deployments, body, fieldValidation="Strict")
    lenient = await client.post(namespace.deployments, body)

    assert strict.status == 400
    assert 'unknown field "spec.replikas"' in strict.body["message"]
    assert lenient.warnings == ['299 - "unknown field \\"spec.replikas\\""']
    assert "replikas" not in lenient.body["spec"]


@pytest.mark.parametrize(
    ("body", "causes"),
    [
        (deployment("Upper"), [("metadata.name", "FieldValueInvalid")]),
        (deployment(replicas=-1), [("spec.replicas", "FieldValueInvalid")]),
        (deployment(image=""), [("spec.template.spec.containers[0].image", "FieldValueRequired")]),
        (
            deployment(more={"ports": [{"containerPort": 65536}]}),
            [("spec.template.spec.containers[0].ports[0].containerPort", "FieldValueInvalid")],
        ),
        (
            deployment(selector={"matchLabels": {"app": "other"}}),
            [("spec.template.metadata.labels", "FieldValueInvalid")],
        ),
        (
            deployment(more={"resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}}),
            [("spec.template.spec.containers[0].resources.requests", "FieldValueInvalid")],
        ),
    ],
    ids=["name", "replicas", "image", "port", "selector", "resources"],
)
async def test_what_is_invalid_is_refused_field_by_field(
    client: Client, namespace: Namespace, body: Obj, causes: list[tuple[str, str]]
) -> None:
    refused = await client.post(namespace.deployments, body)

    assert (422, "Invalid") == (refused.status, refused.body["reason"])
    assert causes == refused.causes


async def test_what_is_no_quantity_cannot_be_decoded(client: Client, namespace: Namespace) -> None:
    refused = await client.post(namespace.deployments, deployment(more={"resources": {"limits": {"cpu": "lots"}}}))

    assert refused.status == 400
    assert "quantities must match the regular expression" in refused.body["message"]


async def test_a_selector_is_immutable(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, deployment(replicas=0))
    labels = {"app": "other"}

    refused = await client.patch(
        f"{namespace.deployments}/web",
        {"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}},
    )

    assert refused.causes == [("spec.selector", "FieldValueInvalid")]


async def test_quantities_are_written_in_their_canonical_form(client: Client, namespace: Namespace) -> None:
    resources = {"limits": {"cpu": "1000m", "memory": "1024Mi"}, "requests": {"cpu": 0.5, "memory": "1000"}}

    created = await client.post(namespace.pods, pod(more={"resources": resources}))

    assert created.body["spec"]["containers"][0]["resources"] == {
        "limits": {"cpu": "1", "memory": "1Gi"},
        "requests": {"cpu": "500m", "memory": "1k"},
    }


async def test_a_service_is_given_an_address_which_it_keeps(client: Client, namespace: Namespace) -> None:
    path = f"{namespace.core}/services"
    body = {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}

    created = (await client.post(path, body)).body["spec"]
    replaced = (await client.put(f"{path}/web", body)).body["spec"]
    refused = await client.patch(f"{path}/web", {"spec": {"clusterIP": "10.96.0.250"}})

    assert created["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert created["clusterIP"] == replaced["clusterIP"]
    assert refused.status == 422


async def test_broken_bodies_are_refused_and_the_server_goes_on(cluster: EmbeddedCluster, client: Client) -> None:
    headers = {"Authorization": f"Bearer {cluster.token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(cluster.url, headers=headers) as session:
        for body in (b"", b"null", b"[]", b"1", b"{", b"\xff", b"[" * 5000, b'{"metadata": []}'):
            async with session.post("/api/v1/namespaces", data=body) as answer:
                assert answer.status in {400, 422}, body

    assert (await client.get("/readyz")).body == "ok"


async def test_a_body_beyond_three_mebibytes_is_refused(client: Client, namespace: Namespace) -> None:
    large = {"metadata": {"name": "large"}, "data": {"key": "x" * (3 * 1024 * 1024)}}

    assert (await client.post(f"{namespace.core}/configmaps", large)).status == 413


async def test_discovery_lists_what_is_served(client: Client) -> None:
    groups = (await client.get("/apis")).body["groups"]
    apps = (await client.get("/apis/apps/v1")).body["resources"]

    assert {"apps", "batch", "networking.k8s.io", "metrics.k8s.io"} <= {group["name"] for group in groups}
    assert {"deployments", "deployments/scale", "replicasets"} <= {each["name"] for each in apps}
    assert (await client.get("/version")).body["gitVersion"].startswith("v1.")


async def test_whoever_has_the_token_may_do_everything(client: Client) -> None:
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

    review = await client.post(path, {"spec": {"resourceAttributes": {"verb": "create", "resource": "pods"}}})

    assert review.body["status"]["allowed"]


async def test_a_claim_is_bound_and_stays_while_a_pod_uses_it(client: Client, namespace: Namespace) -> None:
    claims = f"{namespace.core}/persistentvolumeclaims"
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    await client.post(claims, {"metadata": {"name": "data"}, "spec": spec})
    bound = await client.until(claims, "data", lambda obj: obj["status"]["phase"] == "Bound")
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    await client.post(namespace.pods, pod(volumes=[volume]))

    await client.delete(f"{claims}/data")
    held = await client.get(f"{claims}/data")
    await client.delete(f"{namespace.pods}/app", {"gracePeriodSeconds": 0})
    await client.until_gone(claims)

    assert bound["status"]["capacity"] == {"storage": "1Gi"}
    assert held.status == 200


LABELS = {"matchLabels": {"app": "web"}}
BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
RULE = {"host": "a.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}}
JOB = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "task:1"}]}}}


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/apis/networking.k8s.io/v1/namespaces/{}/ingresses", {"spec": {"rules": [RULE]}}),
        ("/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies", {"spec": {"podSelector": {}, "ingress": [{}]}}),
        ("/apis/policy/v1/namespaces/{}/poddisruptionbudgets", {"spec": {"minAvailable": "50%", "selector": LABELS}}),
        (
            "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
            {"spec": {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}},
        ),
        (
            "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
            {"rules": [{"resources": ["pods"], "verbs": ["get"]}]},
        ),
        (
            "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
            {"roleRef": {"kind": "Role", "name": "some"}, "subjects": [{"kind": "User", "name": "u"}]},
        ),
        ("/apis/coordination.k8s.io/v1/namespaces/{}/leases", {"spec": {"holderIdentity": "me"}}),
        ("/api/v1/namespaces/{}/serviceaccounts", {"automountServiceAccountToken": False}),
    ],
)
async def test_kinds_without_a_controller_are_stored_as_written(
    client: Client, namespace: Namespace, path: str, rest: Obj
) -> None:
    collection = path.format(namespace.name)

    created = await client.post(collection, {"metadata": {"name": "some"}, **rest})
    read = await client.get(f"{collection}/some")

    assert created.status == 201
    assert created.body == read.body


async def test_a_scale_cannot_be_negative(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, deployment(replicas=0))

    refused = await client.patch(f"{namespace.deployments}/web/scale", {"spec": {"replicas": -1}})

    assert refused.status == 422
    assert refused.body["message"].startswith('Scale.autoscaling "web" is invalid: spec.replicas')
