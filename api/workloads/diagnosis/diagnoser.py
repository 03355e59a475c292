"""The diagnosis of an app with the last lines of the run that ended: one call of the cluster, where one ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from api.clusters import objects
from api.clusters.cluster import Cluster
from api.errors import MoorageError
from api.manifests.pods import CONTAINER
from api.workloads.diagnosis.models import CrashLoop, Diagnosis, OutOfMemory
from api.workloads.diagnosis.rollouts import diagnose
from api.workloads.observation import Observation

LAST_LINES = 20
"""Lines of a log that evidence quotes, the last ones."""
MOST_LINE = 1_000
"""Characters of each of them."""
MOST_READING = 8
"""Logs that are read at once: a page of crashing apps asks for one of each."""


class Diagnoser:
    """Diagnoses, and fetches the evidence that the Store does not hold."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._reading = asyncio.Semaphore(MOST_READING)

    def known(self, namespace: str, observation: Observation) -> Diagnosis | None:
        """What is wrong with the app as far as the Store tells, without a call of the cluster."""
        return diagnose(observation, self._cluster.store.events(namespace))

    async def diagnose(self, namespace: str, observation: Observation) -> Diagnosis | None:
        """What is wrong with the app; None where nothing is, or nothing can be known.

        A log that cannot be read is no failure: the diagnosis stands without it.
        """
        found = self.known(namespace, observation)
        if not isinstance(found, CrashLoop | OutOfMemory):
            return found
        pod = next(pod for pod in observation.pods if pod.metadata.name == found.pods[0])
        return replace(found, last_lines=await self._last_lines(namespace, pod))

    async def _last_lines(self, namespace: str, pod: objects.Pod) -> tuple[str, ...] | None:
        """Of the run that ended: the previous one, unless the container has not been started again yet."""
        has_ended = any(status.state.terminated is not None for status in pod.status.container_statuses)
        try:
            async with self._reading:
                log = await self._cluster.pod_log(
                    namespace, pod.metadata.name, CONTAINER, lines=LAST_LINES, previous=not has_ended
                )
        except MoorageError:
            return None
        return tuple(line[:MOST_LINE] for line in log.splitlines()[-LAST_LINES:])
