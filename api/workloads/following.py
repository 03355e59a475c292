"""What is followed of apps beside their state: logs, metrics and timelines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.authorization.vigils import StillValid
from api.clusters.cluster import Cluster
from api.database.database import Database
from api.metrics.sampler import MetricsSampler
from api.metrics.service import MetricsService
from api.namespaces.service import NamespaceService
from api.workloads.access import WorkloadAccess
from api.workloads.log_service import LogService
from api.workloads.metric_streams import MetricStreams
from api.workloads.timeline_streams import TimelineStreams
from api.workloads.viewing import RowChanges


@dataclass(frozen=True, slots=True)
class Following:
    """One front door each. Whoever opens it closes it: use `Following.open`."""

    logs: LogService
    metrics: MetricStreams
    timelines: TimelineStreams

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        metrics: MetricsService,
        *,
        changes: RowChanges,
        still_valid: StillValid,
    ) -> AsyncIterator[Following]:
        """Nothing is followed any more at the end of the context."""
        access = WorkloadAccess(database, namespaces)
        async with (
            LogService.open(access, cluster, still_valid=still_valid) as logs,
            MetricsSampler.open(metrics) as sampler,
        ):
            yield cls(
                logs=logs,
                metrics=MetricStreams(access, metrics, sampler, still_valid=still_valid),
                timelines=TimelineStreams(database, access, changes, still_valid=still_valid),
            )
