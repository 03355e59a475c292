"""What namespaces, limits, quotas and Pod Security decide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import RESTRICTED, condition, deployment, pod, quota

SMALL = {"resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}}


async def enforce(client: Client, namespace: Namespace, level: str) -> None:
    prefix = "pod-security.kubernetes.io"
    labels = {f"{prefix}/{mode}": level for mode in ("enforce", "warn", "audit")}
    answer = await client.patch(f"/api/v1/namespaces/{namespace.name}", {"metadata": {"labels": labels}})
    assert answer.status == 200


async def use(client: Client, namespace: Namespace, **hard: str) -> None:
    """Puts a quota into force."""
    await client.post(f"{namespace.core}/resourcequotas", quota(**hard))
    await client.until(f"{namespace.core}/resourcequotas", "compute", lambda obj: "used" in obj["status"])


# Namespaces


async def test_nothing_is_created_in_a_namespace_that_is_not_there(client: Client) -> None:
    refused = await client.post("/api/v1/namespaces/nowhere/pods", pod())

    assert refused.status == 404
    assert refused.body["message"] == 'namespaces "nowhere" not found'


async def test_nothing_is_created_in_a_namespace_that_goes_away(client: Client, namespace: Namespace) -> None:
    """A finalizer holds the namespace while it is tried."""
    held = {"metadata": {"name": "held", "finalizers": ["example.com/hold"]}}
    await client.post(f"{namespace.core}/configmaps", held)
    await client.delete(f"/api/v1/namespaces/{namespace.name}")

    refused = await client.post(namespace.pods, pod())

    assert (403, "Forbidden") == (refused.status, refused.body["reason"])
    assert refused.causes == [("metadata.namespace", "NamespaceTerminating")]


async def test_a_namespace_is_furnished_and_later_emptied(client: Client, namespace: Namespace) -> None:
    await client.until(f"{namespace.core}/configmaps", "kube-root-ca.crt", lambda _: True)
    await client.post(namespace.deployments, deployment(replicas=2))
    await client.until(namespace.deployments, "web", lambda obj: obj["status"].get("readyReplicas") == 2)

    marked = await client.delete(f"/api/v1/namespaces/{namespace.name}")
    await client.until_gone("/api/v1/namespaces", fieldSelector=f"metadata.name={namespace.name}")

    assert marked.body["status"]["phase"] == "Terminating"
    assert (await client.get(namespace.pods)).body["items"] == []
    assert (await client.get(f"{namespace.core}/secrets")).body["items"] == []


async def test_the_default_namespace_cannot_be_deleted(client: Client) -> None:
    assert (await client.delete("/api/v1/namespaces/default")).status == 403


# LimitRange


async def test_a_limit_range_fills_in_what_containers_leave_out(client: Client, namespace: Namespace) -> None:
    limits = {"type": "Container", "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "50m"}}
    await client.post(f"{namespace.core}/limitranges", {"metadata": {"name": "l"}, "spec": {"limits": [limits]}})

    created = await client.post(namespace.pods, pod())

    [container] = created.body["spec"]["containers"]
    assert container["resources"] == {"requests": {"cpu": "50m"}, "limits": {"cpu": "500m"}}


async def test_a_limit_range_refuses_what_is_out_of_bounds(client: Client, namespace: Namespace) -> None:
    limits = {"type": "Container", "max": {"cpu": "1"}}
    await client.post(f"{namespace.core}/limitranges", {"metadata": {"name": "l"}, "spec": {"limits": [limits]}})

    refused = await client.post(namespace.pods, pod(more={"resources": {"limits": {"cpu": "2"}}}))

    assert refused.status == 403
    assert refused.body["message"].endswith("maximum cpu usage per Container is 1, but limit is 2")


# ResourceQuota


async def test_a_pod_beyond_the_quota_is_refused_with_the_figures(client: Client, namespace: Namespace) -> None:
    await use(client, namespace, limits_cpu="150m")
    await client.post(namespace.pods, pod("first", more=SMALL))

    refused = await client.post(namespace.pods, pod("second", more=SMALL))

    assert refused.status == 403
    assert refused.body["message"] == (
        'pods "second" is forbidden: exceeded quota: compute, requested: limits.cpu=100m, used: limits.cpu=100m, '
        "limited: limits.cpu=150m"
    )


async def test_under_a_quota_containers_must_say_what_they_need(client: Client, namespace: Namespace) -> None:
    await use(client, namespace, limits_cpu="1", requests_memory="1Gi")

    refused = await client.post(namespace.pods, pod())

    assert refused.body["message"].endswith(
        "failed quota: compute: must specify limits.cpu for: app; requests.memory for: app"
    )


async def test_a_quota_counts_what_is_used(client: Client, namespace: Namespace) -> None:
    await use(client, namespace, pods="5", requests_memory="1Gi", limits_cpu="2", secrets="9")
    await client.post(namespace.deployments, deployment(replicas=2, more=SMALL))

    counted = await client.until(
        f"{namespace.core}/resourcequotas", "compute", lambda obj: obj["status"]["used"]["pods"] == "2"
    )

    assert counted["status"]["used"] == {"pods": "2", "requests.memory": "128Mi", "limits.cpu": "200m", "secrets": "0"}


async def test_a_deployment_beyond_the_quota_says_why_its_pods_are_missing(
    client: Client, namespace: Namespace
) -> None:
    await use(client, namespace, pods="2")

    accepted = await client.post(namespace.deployments, deployment(replicas=3, more=SMALL))
    short = await client.until(namespace.deployments, "web", lambda obj: bool(condition(obj, "ReplicaFailure")))
    [event, *_] = await client.until_some(namespace.events, bool, fieldSelector="reason=FailedCreate")

    assert accepted.status == 201
    assert condition(short, "ReplicaFailure")["reason"] == "FailedCreate"
    assert "exceeded quota: compute" in event["message"]
    assert event["message"].startswith("Error creating: pods ")


async def test_a_raised_quota_lets_the_missing_pods_in(client: Client, namespace: Namespace) -> None:
    await use(client, namespace, pods="1")
    await client.post(namespace.deployments, deployment(replicas=2, more=SMALL))
    await client.until(namespace.deployments, "web", lambda obj: bool(condition(obj, "ReplicaFailure")))

    await client.patch(f"{namespace.core}/resourcequotas/compute", {"spec": {"hard": {"pods": "2"}}})

    complete = await client.until(namespace.deployments, "web", lambda obj: obj["status"].get("readyReplicas") == 2)
    assert not condition(complete, "ReplicaFailure") or complete["status"]["readyReplicas"] == 2


async def test_objects_are_counted_by_their_names(client: Client, namespace: Namespace) -> None:
    spec = {"hard": {"count/deployments.apps": "1", "services": "1"}}
    await client.post(f"{namespace.core}/resourcequotas", {"metadata": {"name": "objects"}, "spec": spec})
    await client.post(namespace.deployments, deployment(replicas=0))

    refused = await client.post(namespace.deployments, deployment("other", replicas=0))

    assert "requested: count/deployments.apps=1, used: count/deployments.apps=1" in refused.body["message"]


async def test_a_dry_run_meets_the_quota_and_stores_nothing(client: Client, namespace: Namespace) -> None:
    await use(client, namespace, pods="1")

    fits = await client.post(namespace.pods, pod(), dryRun="All")
    there = await client.get(f"{namespace.pods}/app")
    await client.patch(f"{namespace.core}/resourcequotas/compute", {"spec": {"hard": {"pods": "0"}}})
    refused = await client.post(namespace.pods, pod(), dryRun="All")

    assert (201, 404, 403) == (fits.status, there.status, refused.status)


# Pod Security


async def test_restricted_refuses_a_plain_pod_and_names_every_reason(client: Client, namespace: Namespace) -> None:
    await enforce(client, namespace, "restricted")

    refused = await client.post(namespace.pods, pod())

    assert refused.status == 403
    assert refused.body["message"] == (
        'pods "app" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false '
        '(container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities '
        '(container "app" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container '
        '"app" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "app" must set '
        'securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'
    )


async def test_restricted_admits_a_pod_that_gives_up_its_privileges(client: Client, namespace: Namespace) -> None:
    await enforce(client, namespace, "restricted")

    assert (await client.post(namespace.pods, pod(more={"securityContext": RESTRICTED}))).status == 201


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"hostNetwork": True}, "host namespaces (hostNetwork=true)"),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, 'hostPath volumes (volume "v")'),
        ({"more": {"securityContext": {"privileged": True}}}, "privileged (container"),
        ({"more": {"ports": [{"containerPort": 80, "hostPort": 80}]}}, 'hostPort (container "app" uses hostPort 80)'),
        ({"more": {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}}, "non-default capabilities"),
    ],
)
async def test_baseline_refuses_ways_to_the_host(
    client: Client, namespace: Namespace, spec: dict[str, Any], reason: str
) -> None:
    await enforce(client, namespace, "baseline")

    refused = await client.post(namespace.pods, pod(**spec))

    assert refused.status == 403
    assert reason in refused.body["message"]


@pytest.mark.parametrize(
    ("security", "reason"),
    [
        ({**RESTRICTED, "runAsUser": 0}, "runAsUser=0 (container"),
        ({**RESTRICTED, "runAsNonRoot": False}, "must not set securityContext.runAsNonRoot=false"),
        ({**RESTRICTED, "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}, 'must not include "CHOWN"'),
        ({**RESTRICTED, "seccompProfile": {"type": "Unconfined"}}, 'type to "Unconfined"'),
        ({**RESTRICTED, "allowPrivilegeEscalation": True}, "allowPrivilegeEscalation != false"),
    ],
)
async def test_restricted_refuses_each_privilege_by_itself(
    client: Client, namespace: Namespace, security: dict[str, Any], reason: str
) -> None:
    await enforce(client, namespace, "restricted")

    refused = await client.post(namespace.pods, pod(more={"securityContext": security}))

    assert refused.status == 403
    assert reason in refused.body["message"]


async def test_a_deployment_that_breaks_the_standard_is_accepted_with_a_warning(
    client: Client, namespace: Namespace
) -> None:
    await enforce(client, namespace, "restricted")

    accepted = await client.post(namespace.deployments, deployment())

    [warning] = accepted.warnings
    assert accepted.status == 201
    assert warning.startswith('299 - "would violate PodSecurity \\"restricted:latest\\"')


async def test_a_namespace_that_becomes_stricter_warns_of_the_pods_in_it(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod())

    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    answer = await client.patch(f"/api/v1/namespaces/{namespace.name}", {"metadata": {"labels": labels}})

    assert "existing pods in namespace" in answer.warnings[0]
    assert "app: allowPrivilegeEscalation != false" in answer.warnings[1]


# ServiceAccount


async def test_a_pod_gets_the_token_of_its_service_account_unless_it_declines(
    client: Client, namespace: Namespace
) -> None:
    with_token = await client.post(namespace.pods, pod("with"))
    without = await client.post(namespace.pods, pod("without", automountServiceAccountToken=False))

    assert "projected" in with_token.body["spec"]["volumes"][0]
    assert "volumes" not in without.body["spec"]


async def test_a_pod_needs_a_service_account_that_exists(client: Client, namespace: Namespace) -> None:
    refused = await client.post(namespace.pods, pod(serviceAccountName="nobody"))

    assert refused.status == 403
    assert 'serviceaccount "nobody" not found' in refused.body["message"]
