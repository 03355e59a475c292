"""Status and rollout of workloads, worked out again only where what they follow from has changed.

A page shows the same fifty apps again and again, and most of them rest. Objects of the Store are immutable and are
replaced when they change, so that being the same object means being unchanged.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_
from uuid import UUID

from api.clusters.objects import Watched
from api.workloads.autoscalers import autoscaler_of
from api.workloads.exposure import unexposed
from api.workloads.models import Autoscaler, Exposure, Rollout, WorkloadStatus
from api.workloads.observation import Observation
from api.workloads.rollout import rollout_of
from api.workloads.status import status_of

MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from an observation."""

    observation: Observation
    status: WorkloadStatus
    rollout: Rollout
    autoscaler: Autoscaler | None
    unexposed: Exposure
    """What is said of an app that is exposed nowhere."""


class Derivations:
    """The latest of each workload; of those that nobody asked for longest, none."""

    def __init__(self, *, most: int = MOST_KEPT) -> None:
        self._most = most
        self._latest: OrderedDict[UUID, Derived] = OrderedDict()

    def of(self, workload_id: UUID, observation: Observation) -> Derived:
        """What follows from the observation of a workload."""
        derived = self._latest.get(workload_id)
        if derived is None or not _is_same(derived.observation, observation):
            derived = _derived(observation)
            self._latest[workload_id] = derived
            if len(self._latest) > self._most:
                self._latest.popitem(last=False)
        self._latest.move_to_end(workload_id)
        return derived


def _derived(observation: Observation) -> Derived:
    return Derived(
        observation,
        status_of(observation),
        rollout_of(observation),
        autoscaler_of(observation),
        unexposed(observation),
    )


def _are(old: Sequence[Watched], new: Sequence[Watched]) -> bool:
    return len(old) == len(new) and all(map(is_, old, new))


def _is_same(old: Observation, new: Observation) -> bool:
    return (
        old.replicated is new.replicated
        and old.autoscaler is new.autoscaler
        and old.cron_job is new.cron_job
        and _are(old.pods, new.pods)
        and _are(old.jobs, new.jobs)
        and (old.revision, old.applying, old.unreachable) == (new.revision, new.applying, new.unreachable)
        and old.spec == new.spec
    )
