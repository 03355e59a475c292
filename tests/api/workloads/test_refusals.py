"""What either API server refuses comes back as failures of the form's fields, and never as one string."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.failures import failure
from api.errors import ClusterRefused, ExpectedFailure, FieldPath, InvalidInput, InvalidInputs, PolicyViolation
from api.manifests.builder import pod_from
from api.manifests.models import EnvironmentVariable, Resources, Schedule, Volume, WorkloadKind, WorkloadSpec
from api.workloads.drafting import Draft
from api.workloads.refusals import about_fields_of
from api.workloads.remedies import remedy_of
from api.workloads.specs import secret_values
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_real
from tests.api.waiting import PATIENCE
from tests.api.workloads.apps import WEB, Apps

Object = dict[str, Any]
Change = Callable[[Object, Object], object]
"""Of a controller, and its container."""

CALLED = replace(WEB, environment=(EnvironmentVariable("A", "1"), EnvironmentVariable("B", "2")))
NIGHTLY = WorkloadSpec(
    name="nightly", image="registry.example/n:1", kind=WorkloadKind.SCHEDULED_JOB, schedule=Schedule("1 2 * * *")
)
DATABASE = WorkloadSpec(
    name="db",
    image="registry.example/db:1",
    kind=WorkloadKind.STATEFUL_SERVICE,
    volumes=(Volume("data", "/data", 1), Volume("log", "/log", 1)),
)


def controller(spec: WorkloadSpec, apps: Apps, change: Change) -> Object:
    """The controller of `spec`, changed in what the form's rules would not let through."""
    draft = Draft(apps.namespace, uuid4(), None, spec, secret_values(spec, {}), (), keeps_template=False)
    made = draft.manifests()[-1]
    template = made["spec"].get("jobTemplate", made)["spec"]["template"]
    change(made, template["spec"]["containers"][0])
    return made


async def refusals(cluster: Cluster, spec: WorkloadSpec, made: Object) -> list[ExpectedFailure]:
    """Why the API server does not take `made`, one failure a field."""
    try:
        with about_fields_of(spec):
            await cluster.create(made, dry_run=True)
    except InvalidInputs as several:
        return list(several.failures)
    except ExpectedFailure as one:
        return [one]
    raise AssertionError("it was taken")


async def planned_until_refused(apps: Apps, spec: WorkloadSpec = WEB) -> None:
    """The API server learns of limits, and compiles policies, in the background: a moment after they are there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)


@pytest.mark.parametrize(
    ("spec", "change", "paths"),
    [
        (WEB, lambda _, app: app.update(image=""), [("image",)]),
        (
            CALLED,
            lambda made, app: (app["env"][2].update(name="="), made["spec"].update(replicas=-1)),
            [("replicas",), ("environment", 1, "name")],
        ),
        (WEB, lambda _, app: app["ports"][0].update(containerPort=70_000), [("port",)]),
        (WEB, lambda _, app: app["resources"]["requests"].update(cpu="99"), [("size",)]),
        (WEB, lambda made, _: made["metadata"].update(name="Not_A_Name"), [("name",)]),
        (NIGHTLY, lambda made, _: made["spec"].update(schedule="61 * * * *"), [("schedule", "cron")]),
        (NIGHTLY, lambda made, _: made["spec"].update(timeZone="Mars/Base"), [("schedule", "time_zone")]),
        (NIGHTLY, lambda made, _: made["spec"]["jobTemplate"]["spec"].update(backoffLimit=-1), [("retries",)]),
        (DATABASE, lambda _, app: app["volumeMounts"][1].update(mountPath=""), [("volumes", 1, "path")]),
    ],
)
async def test_each_cause_is_a_failure_of_the_field_that_it_is_about(
    cluster: Cluster, apps: Apps, spec: WorkloadSpec, change: Change, paths: list[FieldPath]
) -> None:
    found = await refusals(cluster, spec, controller(spec, apps, change))

    assert {InvalidInput} == {type(each) for each in found}
    assert sorted(map(str, paths)) == sorted({str(each.path) for each in found})


async def test_a_field_that_the_form_does_not_have_is_told_with_its_object(cluster: Cluster, apps: Apps) -> None:
    made = controller(WEB, apps, lambda made, _: made["spec"]["template"]["spec"].update(restartPolicy="Never"))

    (found,) = await refusals(cluster, WEB, made)

    assert isinstance(found, ClusterRefused)
    assert ("Deployment", "web", ()) == (found.kind, found.name, found.path)
    (refused,) = found.fields
    assert ("spec.template.spec.restartPolicy", "FieldValueNotSupported") == (refused.field, refused.reason)


async def test_what_cannot_be_changed_is_told_at_its_field(cluster: Cluster, apps: Apps) -> None:
    await apps.deploy(replace(DATABASE, replicas=0))
    draft = Draft(apps.namespace, (await apps.get("db")).id, None, DATABASE, {}, (), keeps_template=True)
    made = draft.manifests()[-1]
    made["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] = "2Gi"

    with pytest.raises(InvalidInput, match="cannot be changed") as refusal, about_fields_of(DATABASE):
        await cluster.apply(made, dry_run=True)

    assert ("volumes",) == refusal.value.path


async def test_pod_security_is_told_violation_by_violation_and_the_user_is_what_mends_one(
    cluster: Cluster, apps: Apps
) -> None:
    made = controller(
        WEB, apps, lambda _, app: app["securityContext"].update(allowPrivilegeEscalation=True, runAsUser=0)
    )

    found = await refusals(cluster, WEB, pod_from(made))

    assert [(), ("run_as_user",)] == [each.path for each in found]
    assert ["Pod Security"] * 2 == [each.policy for each in found if isinstance(each, PolicyViolation)]
    assert isinstance(found[1], PolicyViolation)
    assert found[1].fix is not None
    assert "1000" == found[1].fix.value


async def test_limits_are_about_the_size(cluster: Cluster, apps: Apps, somebody: Client) -> None:
    limits = {"metadata": {"name": "tiny"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "1Mi"}}]}}
    await somebody.post(f"/api/v1/namespaces/{apps.namespace.slug}/limitranges", limits)

    with pytest.raises(PolicyViolation, match="maximum memory usage per Container is 1Mi") as refusal:
        await planned_until_refused(apps)

    assert (("workload", "size"), "LimitRange") == (refusal.value.path, refusal.value.policy)


async def test_limits_are_about_the_resources_of_an_app_that_has_its_own(apps: Apps, somebody: Client) -> None:
    limits = {"metadata": {"name": "tiny"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "1Mi"}}]}}
    await somebody.post(f"/api/v1/namespaces/{apps.namespace.slug}/limitranges", limits)
    spec = replace(WEB, size=None, resources=Resources(50, 100, 64, 128))

    with pytest.raises(PolicyViolation, match="Choose other resources") as refusal:
        await planned_until_refused(apps, spec)

    assert ("workload", "resources") == refusal.value.path


def test_limits_of_disks_are_about_the_volumes() -> None:
    said = "maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi"
    body = json.dumps({"message": f'persistentvolumeclaims "data-db-0" is forbidden: {said}'}).encode()

    told = "Choose another size of the volumes"
    with pytest.raises(PolicyViolation, match=told) as refusal, about_fields_of(DATABASE):
        raise failure(403, body, {})

    assert (("volumes",), (said,)) == (refusal.value.path, refusal.value.violations)


@only_real
async def test_limits_of_disks_are_worded_so(cluster: Cluster, apps: Apps, somebody: Client) -> None:
    """The embedded cluster limits no disks."""
    limit = {"type": "PersistentVolumeClaim", "max": {"storage": "1Gi"}}
    limits = {"metadata": {"name": "small"}, "spec": {"limits": [limit]}}
    await somebody.post(f"/api/v1/namespaces/{apps.namespace.slug}/limitranges", limits)
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data-db-0", "namespace": apps.namespace.slug},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "2Gi"}}},
    }

    async def made_until_refused() -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                await cluster.create(claim, dry_run=True)

    with pytest.raises(PolicyViolation) as refusal, about_fields_of(DATABASE):
        await made_until_refused()

    assert (("volumes",), "LimitRange") == (refusal.value.path, refusal.value.policy)


@pytest.fixture
async def policy(somebody: Client, apps: Apps) -> AsyncIterator[str]:
    """A policy of the cluster's administrators, in force in the namespace."""
    name = f"no-{uuid4().hex[:8]}.example.com"
    admission = "/apis/admissionregistration.k8s.io/v1"
    rule = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}
    spec = {
        "matchConstraints": {
            "resourceRules": [rule],
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": apps.namespace.slug}},
        },
        "validations": [{"expression": "object.spec.replicas > 9", "message": "ten replicas or none at all"}],
    }
    binding = {"policyName": name, "validationActions": ["Deny"]}
    made = await somebody.post(f"{admission}/validatingadmissionpolicies", {"metadata": {"name": name}, "spec": spec})
    assert 201 == made.status, made.body
    await somebody.post(f"{admission}/validatingadmissionpolicybindings", {"metadata": {"name": name}, "spec": binding})
    yield name
    await somebody.delete(f"{admission}/validatingadmissionpolicybindings/{name}")
    await somebody.delete(f"{admission}/validatingadmissionpolicies/{name}")


@only_real
async def test_a_policy_of_the_administrators_is_named(apps: Apps, policy: str) -> None:
    """The embedded cluster has no administrators."""
    with pytest.raises(PolicyViolation, match="ten replicas or none at all") as refusal:
        await planned_until_refused(apps)

    assert (policy, ()) == (refusal.value.policy, refusal.value.path[1:])


@pytest.mark.parametrize(("replicas", "advice"), [(1, False), (2, True)])
@pytest.mark.parametrize("resource", ["limits.cpu", "requests.memory", "requests.storage", "pods"])
def test_fewer_replicas_are_advised_where_there_are_several(resource: str, replicas: int, *, advice: bool) -> None:
    app = replace(WEB, kind=WorkloadKind.STATEFUL_SERVICE, replicas=replicas, volumes=(Volume("data", "/data", 1),))

    remedy = remedy_of(app, resource, replicas=("replicas",))

    assert advice == ("fewer replicas" in remedy.way_out)
    assert resource == "pods" or advice or remedy.path != ("replicas",)
