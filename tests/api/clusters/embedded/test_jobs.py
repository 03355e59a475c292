"""Jobs: done, failed, cleaned up."""

from __future__ import annotations

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import condition, job


async def test_a_job_completes_when_its_pod_has_succeeded(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.jobs, job())

    done = await client.until(namespace.jobs, "task", lambda obj: bool(condition(obj, "Complete")))

    assert done["status"]["succeeded"] == 1
    assert done["status"]["completionTime"] >= done["status"]["startTime"]


async def test_as_many_pods_succeed_as_completions_ask_for(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.jobs, job(completions=3, parallelism=2))

    done = await client.until(namespace.jobs, "task", lambda obj: bool(condition(obj, "Complete")))

    assert done["status"]["succeeded"] == 3


async def test_a_job_that_keeps_failing_reaches_its_limit(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.jobs, job(image="ghcr.io/example/task:crash", backoffLimit=1))

    failed = await client.until(namespace.jobs, "task", lambda obj: bool(condition(obj, "Failed")))

    assert condition(failed, "Failed")["reason"] == "BackoffLimitExceeded"
    assert failed["status"]["failed"] == 2


async def test_a_finished_job_is_removed_after_its_time_to_live(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.jobs, job(ttlSecondsAfterFinished=0))

    await client.until(namespace.jobs, "task", lambda obj: bool(condition(obj, "Complete")))
    await client.until_gone(namespace.jobs)
    await client.until_gone(namespace.pods)


async def test_a_suspended_job_starts_when_it_is_resumed(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.jobs, job(suspend=True))
    await client.until(namespace.jobs, "task", lambda obj: "uncountedTerminatedPods" in obj["status"])
    before = (await client.get(namespace.pods)).body["items"]

    await client.patch(f"{namespace.jobs}/task", {"spec": {"suspend": False}})
    await client.until(namespace.jobs, "task", lambda obj: bool(condition(obj, "Complete")))

    assert before == []
