"""What becomes of pods on their nodes, by image, by resources and by what they refer to."""

from __future__ import annotations

from tests.api.clusters.embedded.client import Client, Obj
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import condition, pod


def container_status(obj: Obj) -> Obj:
    return dict((obj["status"].get("containerStatuses") or [{"state": {}}])[0])


def waiting(obj: Obj) -> str:
    return str(container_status(obj)["state"].get("waiting", {}).get("reason", ""))


def is_ready(obj: Obj) -> bool:
    return condition(obj, "Ready").get("status") == "True"


async def reasons(client: Client, namespace: Namespace, enough: set[str]) -> list[Obj]:
    """The events, once there is one for each of the reasons."""
    return await client.until_some(namespace.events, lambda events: enough <= {event["reason"] for event in events})


async def test_a_pod_is_scheduled_pulled_started_and_ready(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod())

    ready = await client.until(namespace.pods, "app", is_ready)
    events = await reasons(client, namespace, {"Scheduled", "Pulling", "Pulled", "Created", "Started"})

    assert ready["status"]["phase"] == "Running"
    assert ready["status"]["podIP"] == ready["status"]["podIPs"][0]["ip"]
    assert "running" in container_status(ready)["state"]
    assert {"Normal"} == {event["type"] for event in events}


async def test_a_broken_tag_never_pulls(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:broken"))

    await client.until(namespace.pods, "app", lambda obj: waiting(obj) == "ErrImagePull")
    backing_off = await client.until(namespace.pods, "app", lambda obj: waiting(obj) == "ImagePullBackOff")
    events = await reasons(client, namespace, {"Failed", "BackOff"})

    assert backing_off["status"]["phase"] == "Pending"
    assert any("ghcr.io/example/web:broken: not found" in event["message"] for event in events)


async def test_a_crash_tag_loops_and_counts_its_restarts(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:crash"))

    crashed = await client.until(
        namespace.pods,
        "app",
        lambda obj: waiting(obj) == "CrashLoopBackOff" and container_status(obj)["restartCount"] >= 2,
    )

    terminated = container_status(crashed)["lastState"]["terminated"]
    assert (1, "Error") == (terminated["exitCode"], terminated["reason"])
    assert not is_ready(crashed)


async def test_an_image_that_runs_as_root_is_refused_under_run_as_non_root(
    client: Client, namespace: Namespace
) -> None:
    await client.post(namespace.pods, pod(image="nginx:1.29", more={"securityContext": {"runAsNonRoot": True}}))

    refused = await client.until(namespace.pods, "app", lambda obj: waiting(obj) == "CreateContainerConfigError")

    message = container_status(refused)["state"]["waiting"]["message"]
    assert message.startswith("container has runAsNonRoot and image will run as root")


async def test_a_user_that_is_not_root_satisfies_run_as_non_root(client: Client, namespace: Namespace) -> None:
    security = {"runAsNonRoot": True, "runAsUser": 101}
    await client.post(namespace.pods, pod(image="nginx:1.29", more={"securityContext": security}))

    await client.until(namespace.pods, "app", is_ready)


async def test_a_container_waits_for_the_secret_that_it_refers_to(client: Client, namespace: Namespace) -> None:
    variable = {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "one"}}}
    await client.post(namespace.pods, pod(more={"env": [variable]}))
    refused = await client.until(namespace.pods, "app", lambda obj: waiting(obj) == "CreateContainerConfigError")

    await client.post(f"{namespace.core}/secrets", {"metadata": {"name": "keys"}, "stringData": {"one": "1"}})
    await client.until(namespace.pods, "app", is_ready)

    assert container_status(refused)["state"]["waiting"]["message"] == 'secret "keys" not found'


async def test_a_pod_larger_than_every_node_stays_unschedulable(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(more={"resources": {"requests": {"cpu": "64"}}}))

    pending = await client.until(
        namespace.pods, "app", lambda obj: condition(obj, "PodScheduled").get("reason") == "Unschedulable"
    )

    assert condition(pending, "PodScheduled")["message"].startswith("0/3 nodes are available: 3 Insufficient cpu.")
    assert "nodeName" not in pending["spec"]


async def test_a_pod_that_did_not_fit_is_scheduled_when_there_is_room(client: Client, namespace: Namespace) -> None:
    """Each of three nodes has eight processors."""
    large = {"resources": {"requests": {"cpu": "7"}}}
    for name in ("one", "two", "three"):
        await client.post(namespace.pods, pod(name, more=large))
        await client.until(namespace.pods, name, is_ready)
    await client.post(namespace.pods, pod("four", more=large))
    await client.until(namespace.pods, "four", lambda obj: bool(condition(obj, "PodScheduled")))

    await client.delete(f"{namespace.pods}/one")

    await client.until(namespace.pods, "four", is_ready)


async def test_a_deleted_pod_terminates_before_it_is_gone(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod())
    await client.until(namespace.pods, "app", is_ready)

    marked = await client.delete(f"{namespace.pods}/app")
    still_there = await client.get(f"{namespace.pods}/app")
    await client.until_gone(namespace.pods)

    assert marked.body["metadata"]["deletionGracePeriodSeconds"] == 30
    assert still_there.status == 200
    assert "Killing" in {event["reason"] for event in (await client.get(namespace.events)).body["items"]}


async def test_a_forced_deletion_is_at_once(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod())
    await client.until(namespace.pods, "app", is_ready)

    await client.delete(f"{namespace.pods}/app", {"gracePeriodSeconds": 0})

    assert (await client.get(f"{namespace.pods}/app")).status == 404


async def test_a_pod_that_is_not_to_restart_ends(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod("good", restartPolicy="Never"))
    await client.post(namespace.pods, pod("bad", image="ghcr.io/example/web:crash", restartPolicy="Never"))

    await client.until(namespace.pods, "good", lambda obj: obj["status"]["phase"] == "Succeeded")
    await client.until(namespace.pods, "bad", lambda obj: obj["status"]["phase"] == "Failed")


async def test_init_containers_run_before_the_others(client: Client, namespace: Namespace) -> None:
    init = {"name": "init", "image": "ghcr.io/example/init:1"}
    await client.post(namespace.pods, pod(initContainers=[init]))

    ready = await client.until(namespace.pods, "app", is_ready)

    [status] = ready["status"]["initContainerStatuses"]
    started = container_status(ready)["state"]["running"]["startedAt"]
    assert status["state"]["terminated"]["exitCode"] == 0
    assert status["state"]["terminated"]["finishedAt"] <= started
