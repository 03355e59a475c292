"""Diagnoses of what the kubelet alone finds out, on the real control plane: a Stage of its simulated kubelet says it.

The scheduler, the controllers and the API server are the real ones; what the kubelet says is quoted from Kubernetes
1.37 with containerd 2.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from api.manifests.models import Volume, WorkloadKind
from api.manifests.pods import secret_name
from api.workloads.diagnosis.models import (
    ImagePullCause,
    ImagePullFailure,
    MissingReference,
    PolicyRefusal,
    RolloutOverdue,
    StartFailure,
)
from api.workloads.models import WorkloadPhase
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_real
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.api.workloads.diagnosis.ward import ONE, Ward, is_a

pytestmark = only_real

_STAGES = "/apis/kwok.x-k8s.io/v1alpha1/stages"
_AS_ROOT = 'container has runAsNonRoot and image will run as root (pod: "web_shop(1)", container: app)'
_NO_COMMAND = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    'unable to start container process: error during container init: exec: "serve": executable file not found in '
    "$PATH: unknown"
)
_OTHER_PROCESSOR = 'failed to start container "1f": exec /app/serve: exec format error'
_UNAUTHORIZED = (
    'failed to pull and unpack image "registry.example/web:1": failed to resolve reference: failed to authorize: '
    "failed to fetch anonymous token: unexpected status: 401 Unauthorized"
)


class Kubelet:
    """What the simulated kubelet does with the pods of one namespace, instead of starting them."""

    def __init__(self, somebody: Client, slug: str) -> None:
        self._somebody = somebody
        self._name = f"diagnosis-{slug}"
        self._slug = slug

    async def says(
        self, state: dict[str, Any], *, last: dict[str, Any] | None = None, event: tuple[str, str] | None = None
    ) -> None:
        """Pods whose container is being created come to `state`; `last` is how their run before ended."""
        status = {"name": "app", "image": ONE.image, "imageID": "", "ready": False, "restartCount": 0, "state": state}
        if last is not None:
            status |= {"restartCount": 2, "lastState": last}
        following: dict[str, Any] = {"statusTemplate": _yaml({"containerStatuses": [status]})}
        if event is not None:
            following["event"] = {"type": "Warning", "reason": event[0], "message": event[1]}
        await self._stage(following, milliseconds=10)

    async def hangs(self) -> None:
        """Pods whose container is being created stay so."""
        await self._stage({"statusTemplate": _yaml({"phase": "Pending"})}, milliseconds=3_600_000)

    async def recovers(self) -> None:
        await self._somebody.delete(f"{_STAGES}/{self._name}")

    async def _stage(self, following: dict[str, Any], *, milliseconds: int) -> None:
        """By its weight it goes before the stages that every pod has."""
        matches = [
            {"key": ".metadata.namespace", "operator": "In", "values": [self._slug]},
            {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"},
            {
                "key": ".status.containerStatuses.[0].state.waiting.reason",
                "operator": "In",
                "values": ["ContainerCreating"],
            },
        ]
        spec = {
            "resourceRef": {"apiGroup": "v1", "kind": "Pod"},
            "selector": {"matchExpressions": matches},
            "weight": 1000,
            "delay": {"durationMilliseconds": milliseconds},
            "next": following,
        }
        stage = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "Stage",
            "metadata": {"name": self._name},
            "spec": spec,
        }
        answer = await self._somebody.post(_STAGES, stage)
        assert 201 == answer.status, answer.body


@pytest.fixture
async def kubelet(somebody: Client, apps: Apps) -> AsyncIterator[Kubelet]:
    kubelet = Kubelet(somebody, apps.namespace.slug)
    yield kubelet
    await kubelet.recovers()


async def test_an_image_that_wants_to_run_as_root(apps: Apps, ward: Ward, kubelet: Kubelet) -> None:
    await kubelet.says({"waiting": {"reason": "CreateContainerConfigError", "message": _AS_ROOT}})

    await apps.deploy(ONE)
    found = await ward.diagnosis(is_a(PolicyRefusal))

    assert found.fix is not None
    assert ("workload", "run_as_user") == found.fix.path


async def test_a_secret_that_somebody_deleted(apps: Apps, ward: Ward, kubelet: Kubelet, somebody: Client) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    name = secret_name(SECRETIVE.name)
    deleted = await somebody.delete(f"{ward.path}/secrets/{name}")
    assert 200 == deleted.status, deleted.body
    said = f'secret "{name}" not found'
    await kubelet.says({"waiting": {"reason": "CreateContainerConfigError", "message": said}}, event=("Failed", said))

    await ward.replace_pod()
    found = await ward.diagnosis(is_a(MissingReference))

    assert isinstance(found, MissingReference)
    assert f"Secret {name}" == found.reference


async def test_an_image_that_wants_a_credential(apps: Apps, ward: Ward, kubelet: Kubelet) -> None:
    event = ("Failed", f'Failed to pull image "{ONE.image}": {_UNAUTHORIZED}')
    await kubelet.says({"waiting": {"reason": "ErrImagePull", "message": _UNAUTHORIZED}}, event=event)

    await apps.deploy(ONE)
    found = await ward.diagnosis(is_a(ImagePullFailure))

    assert isinstance(found, ImagePullFailure)
    assert ImagePullCause.UNAUTHORIZED == found.cause


@pytest.mark.parametrize(
    ("state", "last"),
    [
        ({"waiting": {"reason": "RunContainerError", "message": _NO_COMMAND}}, None),
        (
            {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container"}},
            {"terminated": {"exitCode": 128, "reason": "StartError", "message": _NO_COMMAND}},
        ),
    ],
)
async def test_a_command_that_the_image_does_not_have(
    apps: Apps, ward: Ward, kubelet: Kubelet, state: dict[str, Any], last: dict[str, Any] | None
) -> None:
    await kubelet.says(state, last=last)

    await apps.deploy(replace(ONE, command=("serve",)))
    found = await ward.diagnosis(is_a(StartFailure))

    assert "The image has no such command" in found.message
    assert found.fix is not None
    assert (("workload", "command"), "[]") == (found.fix.path, found.fix.value)


async def test_an_image_for_another_processor(apps: Apps, ward: Ward, kubelet: Kubelet) -> None:
    await kubelet.says({"waiting": {"reason": "RunContainerError", "message": _OTHER_PROCESSOR}})

    await apps.deploy(ONE)
    found = await ward.diagnosis(is_a(StartFailure))

    assert "another kind of processor" in found.message


async def test_a_rollout_past_its_deadline(apps: Apps, ward: Ward, kubelet: Kubelet) -> None:
    await kubelet.hangs()
    await apps.deploy(ONE)

    deployment = f"{ward.path.replace('/api/v1', '/apis/apps/v1')}/deployments/web"
    await ward.patch(deployment, {"spec": {"progressDeadlineSeconds": 2}})
    found = await ward.diagnosis(is_a(RolloutOverdue))

    assert "ProgressDeadlineExceeded" == found.evidence[0].reason
    assert WorkloadPhase.FAILED == (await apps.get()).status.phase


async def test_a_disk_of_a_class_that_the_cluster_does_not_have(apps: Apps, ward: Ward) -> None:
    """By the real scheduler and the real volume controller."""
    disk = Volume("data", "/data", 1, "absent.example")
    await apps.deploy(replace(ONE, kind=WorkloadKind.STATEFUL_SERVICE, volumes=(disk,)))

    found = await ward.diagnosis(
        lambda found: isinstance(found, MissingReference) and found.reference == "StorageClass absent.example"
    )

    assert "no storage class absent.example" in found.message
    assert {"ProvisioningFailed", "Unschedulable"} == {each.reason for each in found.evidence}


async def test_an_app_that_somebody_made_unsafe(apps: Apps, ward: Ward) -> None:
    """Pod Security of the namespace, at the real ReplicaSet controller."""
    await apps.deploy_until_ready(ONE)
    pods = {"template": {"spec": {"hostNetwork": True}}}

    await ward.patch(f"{ward.path.replace('/api/v1', '/apis/apps/v1')}/deployments/web", {"spec": pods})
    found = await ward.diagnosis(is_a(PolicyRefusal))

    assert "hostNetwork=true" in found.evidence[0].message


def _yaml(status: dict[str, Any]) -> str:
    """A status as a template of kwok's, whose braces would be its own."""
    return yaml.safe_dump(status)
