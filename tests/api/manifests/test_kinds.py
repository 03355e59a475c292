"""What each kind of app becomes on Kubernetes, and that it has the fields which make sense for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given

from api.clusters.objects import REVISION, TRIGGER
from api.errors import FieldPath, InvalidInput
from api.manifests.builder import pod_from, run_from
from api.manifests.kinds import PROFILES, SPECIAL, has
from api.manifests.models import (
    Autoscaling,
    Concurrency,
    ExposureMode,
    Probe,
    Schedule,
    Volume,
    WorkloadKind,
    WorkloadSpec,
)
from api.manifests.validation import validate
from tests.api.manifests.specs import DATABASE, JOB, NIGHTLY, WEB, accepted_specs, bounded, built, controller_of, pod_of

WORKER = WorkloadSpec(name="mailer", image="registry.example/mailer:1", kind=WorkloadKind.WORKER)
EXAMPLES = {each.kind: each for each in (replace(WEB, replicas=1), WORKER, DATABASE, NIGHTLY, JOB)}
UNUSUAL: dict[str, Any] = {
    "port": 80,
    "replicas": 2,
    "autoscaling": Autoscaling(1, 2),
    "surge": False,
    "startup": Probe(command=("true",)),
    "liveness": Probe(command=("true",)),
    "readiness": Probe(command=("true",)),
    "volumes": (Volume("data", "/data", 1),),
    "schedule": Schedule("@daily"),
    "retries": 1,
    "time_limit_seconds": 60,
    "exposure": ExposureMode.PRIVATE,
}
"""Of each field that not every kind has, a value that is not its default."""


def broken(spec: WorkloadSpec) -> list[FieldPath]:
    return [failure.path for failure in validate(spec)]


def test_every_kind_has_a_profile_and_an_example() -> None:
    assert set(WorkloadKind) == {each.kind for each in PROFILES} == EXAMPLES.keys()
    assert UNUSUAL.keys() == SPECIAL


@pytest.mark.parametrize("field", sorted(SPECIAL))
@pytest.mark.parametrize("kind", WorkloadKind)
def test_a_field_is_taken_by_the_kinds_that_have_it_and_refused_by_name_by_the_others(
    kind: WorkloadKind, field: str
) -> None:
    changed = replace(EXAMPLES[kind], **{field: UNUSUAL[field]})

    assert ([] if has(kind, field) else [(field,)]) == [path for path in broken(changed) if path == (field,)]


@bounded
@given(accepted_specs())
def test_the_controller_comes_last_and_makes_pods_that_carry_its_revision(spec: WorkloadSpec) -> None:
    controller = controller_of(spec)

    assert {REVISION: "1"} == controller["metadata"]["annotations"]
    assert {REVISION: "1"} == pod_from(controller)["metadata"]["annotations"]


def test_a_worker_runs_as_a_web_service_does_and_is_reached_by_nobody() -> None:
    assert ["Deployment"] == list(built(WORKER))


def test_each_replica_of_a_stateful_service_has_a_disk_of_its_own_that_outlives_it() -> None:
    spec = built(DATABASE)["StatefulSet"]["spec"]
    (claim,) = spec["volumeClaimTemplates"]

    assert {"whenDeleted": "Retain", "whenScaled": "Retain"} == spec["persistentVolumeClaimRetentionPolicy"]
    assert ("data", "1Gi") == (claim["metadata"]["name"], claim["spec"]["resources"]["requests"]["storage"])
    assert [{"name": "data", "mountPath": "/var/lib/data"}] == pod_of(DATABASE)["containers"][0]["volumeMounts"]


def test_a_volume_is_of_the_class_that_was_asked_for_or_of_the_clusters_default() -> None:
    fast = replace(DATABASE, volumes=(Volume("data", "/data", 1, "fast"),))
    claims = [built(spec)["StatefulSet"]["spec"]["volumeClaimTemplates"][0]["spec"] for spec in (DATABASE, fast)]

    assert [None, "fast"] == [claim.get("storageClassName") for claim in claims]


@pytest.mark.parametrize(("user", "group"), [(None, 1000), (70, 70)])
def test_an_app_that_is_not_root_may_write_to_its_volume(user: int | None, group: int) -> None:
    assert group == pod_of(replace(DATABASE, run_as_user=user))["securityContext"]["fsGroup"]


def test_the_replicas_of_a_stateful_service_find_each_other_before_they_are_ready() -> None:
    objects = built(replace(DATABASE, port=None))
    peers = objects["Service"]

    assert objects["StatefulSet"]["spec"]["serviceName"] == peers["metadata"]["name"] == "db-pods"
    assert ("None", True) == (peers["spec"]["clusterIP"], peers["spec"]["publishNotReadyAddresses"])


def test_a_stateful_revision_that_does_not_come_up_can_be_replaced() -> None:
    """https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback"""
    assert "Parallel" == built(DATABASE)["StatefulSet"]["spec"]["podManagementPolicy"]


def test_a_job_is_a_job_of_its_own_for_each_revision_as_none_can_be_changed() -> None:
    assert ["migrate-1", "migrate-2"] == [
        built(JOB, revision=number, template_revision=number)["Job"]["metadata"]["name"] for number in (1, 2)
    ]


def test_each_attempt_of_a_run_keeps_its_log_in_a_pod_of_its_own() -> None:
    spec = built(replace(JOB, retries=2, time_limit_seconds=90))["Job"]["spec"]

    assert ("Never", 2, 90) == (
        spec["template"]["spec"]["restartPolicy"],
        spec["backoffLimit"],
        spec["activeDeadlineSeconds"],
    )


def test_a_scheduled_job_runs_at_the_clock_of_its_time_zone() -> None:
    schedule = Schedule("0 9 * * MON-FRI", "Europe/Berlin", Concurrency.REPLACE, suspended=True)
    spec = built(replace(NIGHTLY, schedule=schedule))["CronJob"]["spec"]

    assert ("0 9 * * MON-FRI", "Europe/Berlin", "Replace", True) == (
        spec["schedule"],
        spec["timeZone"],
        spec["concurrencyPolicy"],
        spec["suspend"],
    )


def test_a_run_by_hand_is_what_the_schedule_would_run_and_belongs_to_it() -> None:
    schedule = built(NIGHTLY)["CronJob"]
    uid = str(uuid4())

    run = run_from(schedule, "nightly-m1", {"metadata": {"name": "nightly", "uid": uid}})

    (owner,) = run["metadata"]["ownerReferences"]
    assert run["spec"] == schedule["spec"]["jobTemplate"]["spec"]
    assert ("CronJob", uid, True) == (owner["kind"], owner["uid"], owner["controller"])
    assert "manual" == run["metadata"]["annotations"][TRIGGER]


def test_a_run_by_hand_carries_the_revision_that_its_pods_do() -> None:
    """As one that the schedule begins, after a revision that changed nothing but the schedule."""
    schedule = built(NIGHTLY, revision=3, template_revision=1)["CronJob"]

    run = run_from(schedule, "nightly-m1", {"metadata": {"name": "nightly", "uid": str(uuid4())}})

    by_schedule = schedule["spec"]["jobTemplate"]["metadata"]["annotations"][REVISION]
    of_pods = run["spec"]["template"]["metadata"]["annotations"][REVISION]
    assert ("1", "1", "1") == (run["metadata"]["annotations"][REVISION], by_schedule, of_pods)


def test_one_more_run_of_a_job_is_like_the_first() -> None:
    job = built(JOB)["Job"]

    run = run_from(job, "migrate-m1", None)

    assert (job["spec"], "migrate-m1") == (run["spec"], run["metadata"]["name"])
    assert "ownerReferences" not in run["metadata"]


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("0 0 L * *", "five fields"),
        ("@reboot", "five fields"),
        ("61 * * * *", "bad minute"),
        ("0 24 * * *", "bad hour"),
        ("0 0 31 2 *", "This schedule never runs: there is no day 31 in month 2."),
        ("0 0 30,31 FEB *,1", "never runs"),
        ("*/5 * 31 4,6,9,11 *", "never runs"),
        ("0 0 31 2 */1", "never runs"),
        ("0 0 32 2 *", "bad day-of-month"),
        ("0 0 31 13 *", "bad month"),
        ("0 0 * * 7", "Sunday, 0"),
        ("0 0 * * 5-7", "Sunday, 0"),
        ("*/99999 * * * *", "none of a clock"),
    ],
)
def test_a_schedule_that_kubernetes_could_not_read_is_refused_with_the_reason(cron: str, said: str) -> None:
    (failure,) = validate(replace(NIGHTLY, schedule=Schedule(cron)))

    assert ("schedule", "cron") == failure.path
    assert said in failure.message


@pytest.mark.parametrize("cron", ["0 0 29 2 *", "0 0 31 2,3 *", "0 0 31 2 1", "0 0 31 2 */2"])
def test_a_schedule_with_some_day_that_comes_is_taken(cron: str) -> None:
    """A day of the week that is named beside the day of the month comes too, as `*/2` does for Kubernetes."""
    assert [] == list(validate(replace(NIGHTLY, schedule=Schedule(cron))))


def test_a_schedule_that_never_runs_comes_with_one_that_does() -> None:
    (failure,) = validate(replace(NIGHTLY, schedule=Schedule("0 0 31 2 *")))

    assert isinstance(failure, InvalidInput)
    assert [] == list(validate(replace(NIGHTLY, schedule=Schedule(failure.example or ""))))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Local"])
def test_a_time_zone_that_nobody_knows_is_refused(zone: str) -> None:
    paths = broken(replace(NIGHTLY, schedule=Schedule("@daily", zone)))

    assert {("schedule", "time_zone")} == set(paths)


@pytest.mark.parametrize(
    ("volume", "field"),
    [
        (Volume("Data", "/data", 1), "name"),
        (Volume("my-data", "/data", 1), "name"),
        (Volume("data", "data", 1), "path"),
        (Volume("data", "/", 1), "path"),
        (Volume("data", "/data/", 1), "path"),
        (Volume("data", "/data/..", 1), "path"),
        (Volume("data", "/data:ro", 1), "path"),
        (Volume("data", "/data", 0), "size_gib"),
        (Volume("data", "/data", 1, "Fast Disks"), "storage_class"),
    ],
)
def test_a_volume_that_kubernetes_would_refuse_is_refused_by_the_name_of_its_field(volume: Volume, field: str) -> None:
    assert [("volumes", 0, field)] == broken(replace(DATABASE, volumes=(volume,)))


def test_volumes_are_told_apart_by_name_and_by_place() -> None:
    twice = (Volume("data", "/data", 1), Volume("data", "/other", 1), Volume("more", "/data", 1))

    assert [("volumes", 1, "name"), ("volumes", 2, "path")] == broken(replace(DATABASE, volumes=twice))


@pytest.mark.parametrize("spec", [WEB, DATABASE])
def test_what_is_reached_from_outside_listens_on_a_port(spec: WorkloadSpec) -> None:
    exposed = replace(spec, exposure=ExposureMode.PUBLIC)

    assert [] == broken(exposed)
    assert [("exposure",)] == broken(replace(exposed, port=None))


def test_a_stateful_service_has_a_volume_and_a_scheduled_job_a_schedule() -> None:
    assert [("volumes",)] == broken(replace(DATABASE, volumes=()))
    assert [("schedule",)] == broken(replace(NIGHTLY, schedule=None))
