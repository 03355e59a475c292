"""Looks at apps for webhooks: what no row tells, as that a rollout is through, the watch cache does.

The replica that leads looks, so that two whose caches differ do not tell of changes back and forth. What it has told is
on record: after a change of leader nothing is told twice, and what happened in between is told late.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import uuid4

from api.clusters.cluster import Cluster
from api.clusters.election import Term
from api.clusters.store import Touched
from api.database.database import Database
from api.errors import MoorageError
from api.namespaces.models import Namespace
from api.webhooks.models import WebhookLimits
from api.webhooks.outbox import Outbox
from api.webhooks.repository import WebhookRepository
from api.webhooks.sightings import UNSEEN, Sighting, SightingRepository, occurrences_between, sighting_of
from api.workloads.models import Workload, WorkloadPhase
from api.workloads.service import WorkloadService

ROUND_SECONDS = 15.0
"""Between two looks at everything."""
_REST_SECONDS = 0.2
"""Between two looks: what comes and goes in less is not told."""

_logger = logging.getLogger(__name__)


class WorkloadObserver:
    """Tells webhooks of phases and rollouts, for the length of a term."""

    def __init__(
        self, database: Database, cluster: Cluster, workloads: WorkloadService, limits: WebhookLimits | None = None
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._workloads = workloads
        self._limits = limits or WebhookLimits()

    async def lead(self, term: Term) -> None:
        """Work until cancelled, or until the term is over (LeadershipLost)."""
        loop = asyncio.get_running_loop()
        with self._cluster.store.touched() as touched:
            while True:
                await self._try_to_look(term, None)
                round_ends = loop.time() + ROUND_SECONDS
                while slugs := await _touched(touched, until=round_ends):
                    await self._try_to_look(term, slugs)
                    await asyncio.sleep(_REST_SECONDS)

    async def _try_to_look(self, term: Term, slugs: Collection[str] | None) -> None:
        term.require()
        try:
            await self.look(slugs)
        except MoorageError as error:
            _logger.info("webhooks are not told of apps just now: %s", error.message)
        except Exception:
            _logger.exception("looking at apps for webhooks failed; the next round tries again")

    async def look(self, slugs: Collection[str] | None = None) -> None:
        """Tell of what differs in the namespaces of these slugs (None: in all) that somebody listens to."""
        async with self._database.autocommit() as session:
            observed = await WebhookRepository(session).observed()
        for namespace in observed:
            if slugs is None or namespace.slug in slugs:
                await self._look_at(namespace)

    async def _look_at(self, namespace: Namespace) -> None:
        async with self._database.autocommit() as session:
            known = await SightingRepository(session).of_namespace(namespace.id)
        for workload in await self._workloads.all_of(namespace):
            if workload.status.phase is not WorkloadPhase.UNKNOWN:  # a cluster that is away says nothing of the app
                await self._tell(workload, known.get(workload.id))

    async def _tell(self, workload: Workload, recorded: Sighting | None) -> None:
        """What was there before anybody listened is noted, and told to nobody."""
        former = recorded or UNSEEN
        seen = sighting_of(workload, former)
        if seen == recorded:
            return
        now = datetime.now(UTC)
        since = now if recorded is not None else workload.created_at
        async with self._database.session() as session:
            if not await SightingRepository(session).move(workload, recorded, seen):
                return
            for occurrence in occurrences_between(former, seen, workload, now):
                await Outbox(session).enqueue(
                    occurrence,
                    event_id=uuid4(),
                    namespace_id=workload.namespace_id,
                    since=since,
                    limits=self._limits,
                )


async def _touched(touched: Touched, *, until: float) -> set[str]:
    """The namespaces in which something changed; none once the round is over."""
    try:
        async with asyncio.timeout_at(until):
            return {slug for slug, _ in await touched.take()}
    except TimeoutError:
        return set()
