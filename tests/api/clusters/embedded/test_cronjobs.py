"""CronJobs: a Job each time that one is due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.clusters.embedded import EmbeddedCluster
from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import PACE, Namespace, session
from tests.api.clusters.embedded.manifests import Obj, condition, container

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class NearlyNoon:
    """A clock that the cluster's life begins at: a second and a half before noon of a Monday."""

    def __init__(self) -> None:
        self._ahead = NOON - timedelta(seconds=1.5) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster.open(pace=PACE, clock=NearlyNoon()) as opened:
        yield opened


@pytest.fixture
async def client(cluster: EmbeddedCluster) -> AsyncIterator[Client]:
    async with session(cluster) as opened:
        yield Client(opened)


@pytest.fixture
def cron_jobs(namespace: Namespace) -> str:
    return f"/apis/batch/v1/namespaces/{namespace.name}/cronjobs"


def cron_job(schedule: str = "* * * * *", *, image: str = "ghcr.io/example/task:1", **spec: Any) -> Obj:
    template = {"spec": {"restartPolicy": "Never", "containers": [container(image)]}}
    job = {"metadata": {"labels": {"app": "nightly"}}, "spec": {"template": template}}
    return {"metadata": {"name": "nightly"}, "spec": {"schedule": schedule, "jobTemplate": job, **spec}}


@pytest.mark.parametrize(
    ("schedule", "zone"),
    [("0 12 * * MON", None), ("@daily", "Pacific/Auckland"), ("30 17 2 3 *", "Asia/Kolkata"), ("*/30 * * * *", "UTC")],
)
async def test_a_job_is_made_when_it_is_due_by_the_clock_of_its_zone(
    client: Client, namespace: Namespace, cron_jobs: str, schedule: str, zone: str | None
) -> None:
    if zone == "Pacific/Auckland":
        schedule = "0 1 * * *"  # thirteen hours ahead, in summer
    await client.post(cron_jobs, cron_job(schedule, **({"timeZone": zone} if zone else {})))

    name = f"nightly-{int(NOON.timestamp()) // 60}"
    done = await client.until(namespace.jobs, name, lambda job: bool(condition(job, "Complete")))
    followed = await client.until(cron_jobs, "nightly", lambda each: "lastSuccessfulTime" in each["status"])

    assert {"app": "nightly"} == done["metadata"]["labels"]
    assert "nightly" == done["metadata"]["ownerReferences"][0]["name"]
    assert "2026-03-02T12:00:00Z" == followed["status"]["lastScheduleTime"]
    assert "active" not in followed["status"]


async def test_nothing_is_begun_while_it_is_suspended(client: Client, namespace: Namespace, cron_jobs: str) -> None:
    """The other one, which is not, shows that the hour has passed."""
    suspended = cron_job(suspend=True)
    suspended["metadata"]["name"] = "suspended"
    await client.post(cron_jobs, suspended)
    await client.post(cron_jobs, cron_job())

    jobs = await client.until_some(namespace.jobs, bool)

    assert ["nightly"] == [job["metadata"]["ownerReferences"][0]["name"] for job in jobs]


async def test_a_run_is_left_out_while_the_one_before_is_under_way(
    client: Client, namespace: Namespace, cron_jobs: str
) -> None:
    made = (await client.post(cron_jobs, cron_job(concurrencyPolicy="Forbid"))).body
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "controller": True, "name": "nightly"}
    template = made["spec"]["jobTemplate"]["spec"]["template"]
    running = {
        "metadata": {"name": "by-hand", "ownerReferences": [{**owner, "uid": made["metadata"]["uid"]}]},
        "spec": {"template": {**template, "spec": {**template["spec"], "nodeSelector": {"no": "where"}}}},
    }
    await client.post(namespace.jobs, running)

    await client.until_some(namespace.events, bool, fieldSelector="reason=JobAlreadyActive")

    assert ["by-hand"] == [job["metadata"]["name"] for job in (await client.get(namespace.jobs)).body["items"]]


async def test_its_jobs_go_with_it(client: Client, namespace: Namespace, cron_jobs: str) -> None:
    await client.post(cron_jobs, cron_job())
    await client.until_some(namespace.jobs, bool)

    await client.delete(f"{cron_jobs}/nightly", {"propagationPolicy": "Background"})

    await client.until_gone(namespace.jobs)
    await client.until_gone(namespace.pods)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"schedule": "61 * * * *"}, "spec.schedule"),
        ({"schedule": "@reboot"}, "spec.schedule"),
        ({"schedule": "* * * * *", "timeZone": "Mars/Olympus"}, "spec.timeZone"),
    ],
)
async def test_what_no_clock_ever_shows_is_refused(client: Client, cron_jobs: str, spec: Obj, field: str) -> None:
    refused = await client.post(cron_jobs, cron_job(**spec))

    assert 422 == refused.status
    assert [field] == [cause["field"] for cause in refused.body["details"]["causes"]]
