"""What keeps an app from being up, all its pods together."""

from __future__ import annotations

from typing import Any

import pytest

from api.workloads.diagnosis.models import ImagePullFailure, PolicyRefusal, ProbeFailure, QuotaExhausted, RolloutOverdue
from api.workloads.diagnosis.rollouts import diagnose
from tests.api.workloads.diagnosis.reports import unhealthy
from tests.api.workloads.wire import condition, deployment, observe, pod, ready_pod, running, terminated, waiting

OVER_QUOTA = (
    'pods "web-1" is forbidden: exceeded quota: moorage, requested: limits.cpu=250m,pods=1, '
    "used: limits.cpu=4,pods=9, limited: limits.cpu=4,pods=30"
)
OVERDUE = condition("Progressing", "False", "ProgressDeadlineExceeded", 'ReplicaSet "web-1" has timed out progressing.')


def refused(message: str, **counts: int) -> Any:
    return deployment(conditions=[condition("ReplicaFailure", "True", "FailedCreate", message)], **counts)


def test_a_quota_without_room_names_resource_and_amounts() -> None:
    found = diagnose(observe(refused(OVER_QUOTA)), [])

    assert isinstance(found, QuotaExhausted)
    assert ("limits.cpu", "250m", "4", "4") == (found.resource, found.requested, found.used, found.limit)
    assert (OVER_QUOTA, ()) == (found.evidence[0].message, found.pods)


def test_an_update_without_room_is_offered_the_place_of_the_old_pods() -> None:
    new, update = refused(OVER_QUOTA), refused(OVER_QUOTA, total=3, updated=1, ready=3)

    first, second = diagnose(observe(new), []), diagnose(observe(update), [])

    assert first is not None
    assert second is not None
    assert second.fix is not None
    assert (None, ("workload", "surge"), "false") == (first.fix, second.fix.path, second.fix.value)


@pytest.mark.parametrize(
    "said",
    [
        'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
        'admission webhook "images.example" denied the request: only signed images',
    ],
)
def test_pods_that_a_policy_refuses_are_told_as_such(said: str) -> None:
    found = diagnose(observe(refused(said)), [])

    assert isinstance(found, PolicyRefusal)
    assert said == found.evidence[0].message


def test_every_pod_of_the_same_trouble_is_named() -> None:
    broken = [pod(name, statuses=[waiting("ErrImagePull", "not found")]) for name in ("web-1", "web-2")]

    found = diagnose(observe(deployment(total=3, updated=3), *broken, ready_pod("web-3")), [])

    assert isinstance(found, ImagePullFailure)
    assert ("web-1", "web-2") == found.pods


def test_pods_of_an_older_revision_are_no_part_of_it() -> None:
    old = pod("web-1", revision=1, statuses=[waiting("ErrImagePull", "not found")])

    assert diagnose(observe(deployment(revision=2, total=1), old, revision=2), []) is None


def test_a_rollout_past_its_deadline_says_so_where_nothing_else_says_more() -> None:
    silent = observe(deployment(conditions=[OVERDUE]), pod("web-1"))
    broken = observe(deployment(conditions=[OVERDUE]), pod("web-1", statuses=[waiting("ErrImagePull", "not found")]))

    assert isinstance(diagnose(silent, []), RolloutOverdue)
    assert isinstance(diagnose(broken, []), ImagePullFailure)


def test_a_rollout_that_fails_offers_the_revision_that_serves() -> None:
    broken = pod("web-new", revision=3, statuses=[waiting("CrashLoopBackOff")])
    update = deployment(revision=3, total=4, updated=1, ready=3)
    served = observe(update, ready_pod("web-1"), ready_pod("web-2", revision=2), broken, revision=3)

    found, alone = diagnose(served, []), diagnose(observe(update, broken, revision=3), [])

    assert found is not None
    assert alone is not None
    assert (2, None) == (found.rollback_revision, alone.rollback_revision)


@pytest.mark.parametrize(("revision", "is_advised"), [(1, False), (2, True)])
def test_nobody_is_sent_back_from_the_first_revision(revision: int, is_advised: bool) -> None:
    crashing = pod("web-1", revision=revision, statuses=[waiting("CrashLoopBackOff", last=terminated(1))])
    late = deployment(revision=revision, conditions=[OVERDUE])

    crash = diagnose(observe(deployment(revision=revision), crashing, revision=revision), [])
    overdue = diagnose(observe(late, pod("web-1", revision=revision), revision=revision), [])

    assert crash is not None
    assert overdue is not None
    assert [is_advised] * 2 == ["roll back" in found.message for found in (crash, overdue)]


def test_nothing_is_diagnosed_of_what_is_well_gone_or_unknown() -> None:
    broken = pod("web-1", statuses=[waiting("ErrImagePull", "not found")])

    assert diagnose(observe(deployment(total=1, updated=1, ready=1), ready_pod("web-1")), []) is None
    assert diagnose(observe(None, broken), []) is None
    assert diagnose(observe(deployment(), broken, unreachable="Connection refused."), []) is None


def test_what_was_reported_of_other_apps_says_nothing_of_this_one() -> None:
    said = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    unready = pod("web-1", phase="Running", statuses=[running(ready=False)])
    observation = observe(deployment(total=1, updated=1), unready)

    assert diagnose(observation, [unhealthy("shop-1", said)]) is None
    assert isinstance(diagnose(observation, [unhealthy("shop-1", said), unhealthy("web-1", said)]), ProbeFailure)
