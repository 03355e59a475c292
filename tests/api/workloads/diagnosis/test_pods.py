"""What keeps one pod from running, from what the kubelet, the scheduler and the runtime write."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from api.clusters import objects
from api.errors import SuggestedFix
from api.manifests.models import (
    Probe,
    RegistryCredentials,
    Resources,
    Volume,
    WorkloadKind,
    WorkloadSize,
    WorkloadSpec,
)
from api.workloads.diagnosis.evidence import Reported
from api.workloads.diagnosis.models import (
    CrashLoop,
    Diagnosis,
    ImagePullCause,
    ImagePullFailure,
    MissingReference,
    OutOfMemory,
    PolicyRefusal,
    PortMismatch,
    ProbeFailure,
    ProbeName,
    StartFailure,
    Unschedulable,
)
from api.workloads.diagnosis.pods import of_pod
from api.workloads.pods import pod_of
from tests.api.workloads.diagnosis.reports import event, unhealthy
from tests.api.workloads.wire import WORKLOAD_ID, condition, pod, ready_pod, running, terminated, waiting

SPEC = WorkloadSpec(name="web", image="registry.example/web:1", port=8080)
DATABASE = replace(SPEC, name="db", kind=WorkloadKind.STATEFUL_SERVICE, volumes=(Volume("data", "/data", 1, "fast"),))
UNREADY = pod("web-1", phase="Running", statuses=[running(ready=False)])
REFUSED = "Readiness probe failed: dial tcp 10.0.0.7:8080: connect: connection refused"
NO_ANSWER = "Readiness probe failed: HTTP probe failed with statuscode: 503"


def diagnosed(found: objects.Pod, *events: objects.Event, spec: WorkloadSpec = SPEC) -> Diagnosis | None:
    return of_pod(found, spec, Reported(events))


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("failed to resolve reference: registry.example/web:1: not found", ImagePullCause.NOT_FOUND),
        ("reading manifest 1 in registry.example/web: manifest unknown", ImagePullCause.NOT_FOUND),
        ("failed to authorize: 401 Unauthorized", ImagePullCause.UNAUTHORIZED),
        ("pull access denied, repository does not exist or may require authorization", ImagePullCause.UNAUTHORIZED),
        ("dial tcp: lookup registry.example: no such host", ImagePullCause.UNREACHABLE),
        ("tls: failed to verify certificate: x509: unknown authority", ImagePullCause.UNREACHABLE),
        ("something else", ImagePullCause.UNKNOWN),
    ],
)
def test_an_image_that_cannot_be_pulled_tells_why(said: str, cause: ImagePullCause) -> None:
    found = diagnosed(pod("web-1", statuses=[waiting("ErrImagePull", said)]))

    assert isinstance(found, ImagePullFailure)
    assert (cause, "registry.example/web:1", ("web-1",)) == (found.cause, found.image, found.pods)
    assert [said] == [each.message for each in found.evidence]


def test_the_cause_of_a_failed_pull_is_found_in_the_events_once_the_status_only_backs_off() -> None:
    backing_off = pod("web-1", statuses=[waiting("ImagePullBackOff", "Back-off pulling image")])
    failed = event("web-1", "Failed", 'Failed to pull image "registry.example/web:1": 401 Unauthorized')

    found = diagnosed(backing_off, failed)

    assert isinstance(found, ImagePullFailure)
    assert ImagePullCause.UNAUTHORIZED == found.cause


def test_what_the_runtime_says_of_a_failed_pull_is_told_once() -> None:
    said = 'rpc error: code = NotFound desc = failed to resolve reference "registry.example/web:1": not found'
    backing_off = pod("web-1", statuses=[waiting("ImagePullBackOff", f"Back-off pulling image: ErrImagePull: {said}")])

    found = diagnosed(backing_off, event("web-1", "Failed", f'Failed to pull image "registry.example/web:1": {said}'))

    assert found is not None
    assert 1 == sum(said in text for text in (found.message, *(each.message for each in found.evidence)))
    assert said not in (pod_of(WORKLOAD_ID, backing_off, is_current=True).message or "")


def test_a_registry_that_does_not_let_the_cluster_in_leads_to_its_credentials() -> None:
    refused = pod("web-1", statuses=[waiting("ErrImagePull", "failed to authorize: 401 Unauthorized")])

    without, with_some = (
        diagnosed(refused, spec=replace(SPEC, registry_credentials=credentials))
        for credentials in (None, RegistryCredentials("ada"))
    )

    assert without is not None
    assert with_some is not None
    assert "give the app registry credentials" in without.message
    assert "registry.example does not give registry.example/web:1 to ada" in with_some.message


def test_a_name_that_is_no_image_is_told_as_such() -> None:
    found = diagnosed(pod("web-1", statuses=[waiting("InvalidImageName", "couldn't parse image name")]))

    assert isinstance(found, ImagePullFailure)
    assert ImagePullCause.INVALID_NAME == found.cause


def test_a_pod_that_no_node_takes_quotes_the_scheduler() -> None:
    refused = condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available: 3 Insufficient cpu.")

    found = diagnosed(pod("web-1", node=None, conditions=[refused]))

    assert isinstance(found, Unschedulable)
    assert ["0/3 nodes are available: 3 Insufficient cpu."] == [each.message for each in found.evidence]


UNBOUND = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."


@pytest.mark.parametrize(
    ("reason", "said", "reference", "told"),
    [
        (
            "ProvisioningFailed",
            'storageclass.storage.k8s.io "fast" not found',
            "StorageClass fast",
            "the cluster has no storage class fast",
        ),
        (
            "FailedBinding",
            "no persistent volumes available for this claim and no storage class is set",
            "StorageClass",
            "the cluster has no default storage class",
        ),
        (
            "ProvisioningFailed",
            "rpc error: out of space",
            "PersistentVolumeClaim data-db-0",
            "Kubernetes says: rpc error: out of space.",
        ),
    ],
)
def test_a_disk_that_cannot_be_made_tells_why(reason: str, said: str, reference: str, told: str) -> None:
    waits = pod("db-0", node=None, conditions=[condition("PodScheduled", "False", "Unschedulable", UNBOUND)])

    found = diagnosed(waits, event("data-db-0", reason, said, kind="PersistentVolumeClaim"), spec=DATABASE)

    assert isinstance(found, MissingReference)
    assert reference == found.reference
    assert told in found.message
    assert [said, UNBOUND] == [each.message for each in found.evidence]


def test_a_disk_of_which_nothing_was_reported_is_named() -> None:
    waits = pod("db-0", node=None, conditions=[condition("PodScheduled", "False", "Unschedulable", UNBOUND)])

    found = diagnosed(waits, spec=DATABASE)

    assert isinstance(found, MissingReference)
    assert "PersistentVolumeClaim data-db-0" == found.reference


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("exec /app: exec format error", "another kind of processor"),
        ('exec: "serve": executable file not found in $PATH', "The image has no such command"),
        ('exec: "/app": permission denied', "may not run the command"),
        ("something else", "The container cannot be started"),
    ],
)
def test_a_command_that_never_ran_is_no_crash(said: str, told: str) -> None:
    ended = terminated(128, "StartError")
    ended["terminated"]["message"] = said

    found = diagnosed(pod("web-1", statuses=[waiting("CrashLoopBackOff", "back-off 10s", restarts=2, last=ended)]))

    assert isinstance(found, StartFailure)
    assert "StartError" == found.reason
    assert told in found.message


def test_an_app_that_ends_again_and_again_tells_its_exit_code_and_restarts() -> None:
    status = waiting("CrashLoopBackOff", "back-off 40s", restarts=4, last=terminated(3))

    found = diagnosed(pod("web-1", statuses=[status]))

    assert isinstance(found, CrashLoop)
    assert (3, 4, None) == (found.exit_code, found.restarts, found.last_lines)
    assert ["back-off 40s", "exit code 3"] == [each.message for each in found.evidence]


@pytest.mark.parametrize(
    ("size", "fix"),
    [
        (WorkloadSize.S, SuggestedFix(path=("workload", "size"), value='"M"', label="Give it size M")),
        (
            WorkloadSize.XL,
            SuggestedFix(
                path=("workload", "resources"),
                value=json.dumps(asdict(Resources(1000, 2000, 4096, 8192))),
                label="Give it 8192 MiB of memory",
            ),
        ),
    ],
)
def test_an_app_out_of_memory_is_offered_the_next_size(size: WorkloadSize, fix: SuggestedFix) -> None:
    status = waiting("CrashLoopBackOff", restarts=1, last=terminated(137, "OOMKilled"))
    spec = WorkloadSpec(name="web", image=SPEC.image, size=size)

    found = diagnosed(pod("web-1", statuses=[status]), spec=spec)

    assert isinstance(found, OutOfMemory)
    assert fix == found.fix


def test_an_app_with_resources_of_its_own_is_offered_twice_the_memory() -> None:
    status = waiting("CrashLoopBackOff", restarts=1, last=terminated(137, "OOMKilled"))
    spec = replace(SPEC, size=None, resources=Resources(50, 100, 64, 96))

    found = diagnosed(pod("web-1", statuses=[status]), spec=spec)

    assert isinstance(found, OutOfMemory)
    assert 96 * 1024 * 1024 == found.memory_limit
    assert found.fix is not None
    assert Resources(50, 100, 128, 192) == Resources(**json.loads(found.fix.value))


def test_no_app_is_offered_more_memory_than_one_can_have() -> None:
    status = waiting("CrashLoopBackOff", restarts=1, last=terminated(137, "OOMKilled"))
    spec = replace(SPEC, size=None, resources=Resources(50, 100, 64, 1024 * 1024))

    found = diagnosed(pod("web-1", statuses=[status]), spec=spec)

    assert found is not None
    assert found.fix is None


def test_the_limit_that_an_app_ran_into_is_that_of_its_size() -> None:
    found = diagnosed(pod("web-1", statuses=[waiting("CrashLoopBackOff", last=terminated(137, "OOMKilled"))]))

    assert isinstance(found, OutOfMemory)
    assert 256 * 1024 * 1024 == found.memory_limit


def test_a_connection_refused_at_the_port_is_a_port_mismatch() -> None:
    found = diagnosed(UNREADY, unhealthy("web-1", REFUSED))

    assert isinstance(found, PortMismatch)
    assert 8080 == found.port
    assert [REFUSED] == [each.message for each in found.evidence]


def test_an_answer_that_is_no_success_is_a_failed_probe() -> None:
    found = diagnosed(UNREADY, unhealthy("web-1", NO_ANSWER))

    assert isinstance(found, ProbeFailure)
    assert ProbeName.READINESS == found.probe


def test_an_app_that_is_only_slow_to_start_is_in_no_trouble() -> None:
    patient = WorkloadSpec(name="web", image=SPEC.image, port=8080, readiness=Probe(path="/", failures=5))

    assert diagnosed(UNREADY, unhealthy("web-1", REFUSED, count=2)) is None
    assert diagnosed(UNREADY, unhealthy("web-1", REFUSED, count=4), spec=patient) is None
    assert diagnosed(UNREADY, unhealthy("web-1", REFUSED, count=5), spec=patient) is not None


def test_a_check_that_an_earlier_run_failed_says_nothing_of_this_one() -> None:
    restarted = pod("web-1", phase="Running", statuses=[running(ready=False, restarts=1, started=60)])

    assert diagnosed(restarted, unhealthy("web-1", REFUSED, seconds=30)) is None


def test_a_pod_that_is_ready_or_on_its_way_out_is_in_no_trouble() -> None:
    leaving = pod("web-1", statuses=[waiting("ErrImagePull")], deletionTimestamp="2026-11-23T12:00:00Z")

    assert diagnosed(ready_pod("web-1"), unhealthy("web-1", REFUSED)) is None
    assert diagnosed(leaving) is None


@pytest.mark.parametrize("probe", [ProbeName.LIVENESS, ProbeName.STARTUP])
def test_an_app_that_the_kubelet_ends_for_a_probe_is_told_from_one_that_ends_by_itself(probe: ProbeName) -> None:
    crashing = pod("web-1", statuses=[waiting("CrashLoopBackOff", restarts=2, last=terminated(137))])
    message = f"Container app failed {probe} probe, will be restarted"

    found = diagnosed(crashing, event("web-1", "Killing", message, seconds=1, type_="Normal"))

    assert isinstance(found, ProbeFailure)
    assert probe == found.probe
    assert message == found.evidence[0].message


@pytest.mark.parametrize(
    ("said", "reference"),
    [
        ('secret "web" not found', "Secret web"),
        ("couldn't find key TOKEN in Secret shop-abc234/web", "Key TOKEN of Secret web"),
        ('configmap "web-files" not found', "ConfigMap web-files"),
    ],
)
def test_what_the_pods_refer_to_and_is_absent_is_named(said: str, reference: str) -> None:
    found = diagnosed(pod("web-1", statuses=[waiting("CreateContainerConfigError", said)]))

    assert isinstance(found, MissingReference)
    assert reference == found.reference
    assert found.message.startswith(f"{reference} is not in the namespace")


def test_a_volume_whose_source_is_absent_is_found_in_the_events() -> None:
    said = 'MountVolume.SetUp failed for volume "files" : configmap "web-files" not found'

    found = diagnosed(pod("web-1", statuses=[waiting("ContainerCreating")]), event("web-1", "FailedMount", said))

    assert isinstance(found, MissingReference)
    assert "ConfigMap web-files" == found.reference


def test_an_image_that_wants_to_run_as_root_is_offered_another_user() -> None:
    status = waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")

    found = diagnosed(pod("web-1", statuses=[status]))

    assert isinstance(found, PolicyRefusal)
    assert found.fix is not None
    assert (("workload", "run_as_user"), 1000) == (found.fix.path, json.loads(found.fix.value))


def test_a_command_that_cannot_be_run_quotes_the_runtime() -> None:
    said = 'exec: "/serve": stat /serve: no such file or directory'

    found = diagnosed(pod("web-1", statuses=[waiting("RunContainerError", said)]))

    assert isinstance(found, StartFailure)
    assert ("RunContainerError", [said]) == (found.reason, [each.message for each in found.evidence])
