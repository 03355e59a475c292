"""What pods use as it is measured, for those who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from api.authorization.models import Principal
from api.authorization.vigils import RECHECK_SECONDS, StillValid
from api.database.cursors import decoded, encoded
from api.errors import InvalidInput
from api.metrics.models import MetricName, MetricResult, MetricScope, MetricSeries, MetricsWindow
from api.metrics.sampler import MetricsSampler, Sample, Sampling
from api.metrics.service import MetricsService
from api.workloads.access import WorkloadAccess
from api.workloads.viewing import HEARTBEAT_SECONDS, Viewing

MOST_CHARACTERS = 500


class MetricsUpdateKind(StrEnum):
    """What a message of a metrics stream tells."""

    SNAPSHOT = "snapshot"
    """The whole range; first of a stream that was begun without a cursor, and of no other."""
    SAMPLE = "sample"
    """The points that came since the message before, or behind the cursor: they are added to those told already."""
    HEARTBEAT = "heartbeat"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class MetricUpdate:
    """What a message says of one metric: of a series, only the points behind `since` are new."""

    result: MetricResult
    since: datetime | None


@dataclass(frozen=True, slots=True)
class MetricsUpdate:
    """One message, and the cursor from which to go on after it."""

    kind: MetricsUpdateKind
    cursor: str
    at: datetime
    metrics: Mapping[MetricName, MetricUpdate] = field(default_factory=dict)


class MetricsPlace(msgspec.Struct, frozen=True, array_like=True):
    """The latest point of each metric that was told."""

    latest: dict[MetricName, datetime]

    def encode(self) -> str:
        """URL-safe text."""
        return encoded(self)

    @classmethod
    def decode(cls, text: str) -> MetricsPlace:
        """Raises InvalidInput on path `after` for what is no cursor of metrics."""
        place = decoded(text, cls, most=MOST_CHARACTERS, refusal=_no_cursor())
        if any(at.tzinfo is None for at in place.latest.values()):
            raise _no_cursor()
        return place


class MetricStreams:
    """Follows metrics: one call of the source at each step for each metric, whoever follows."""

    def __init__(
        self, access: WorkloadAccess, metrics: MetricsService, sampler: MetricsSampler, *, still_valid: StillValid
    ) -> None:
        self._access = access
        self._metrics = metrics
        self._sampler = sampler
        self._still_valid = still_valid

    async def follow(
        self,
        principal: Principal,
        slug: str,
        name: str | None,
        *,
        names: Collection[MetricName],
        window: MetricsWindow,
        after: str | None = None,
    ) -> AsyncGenerator[MetricsUpdate, None]:
        """The metrics `names` of an app, or of a whole namespace: the range of `window`, or what came behind `after`,
        then the latest at each step, until it is gone, or the viewer's no longer. Who is slow gets the latest alone.

        Raises NotFound, InvalidInput for what is no cursor, and Unauthenticated once the viewer is not signed in.
        """
        workload_id = await self._authorized(principal, slug, name)
        told = dict(MetricsPlace.decode(after).latest) if after is not None else {}
        viewing = Viewing(self._access, principal, self._still_valid, slug=slug, workload_id=workload_id)
        scope = MetricScope(slug, name)
        kind = MetricsUpdateKind.SNAPSHOT if after is None else MetricsUpdateKind.SAMPLE
        clock = asyncio.get_running_loop().time
        with self._sampler.sampled(scope, names, window.step) as sampling:
            results = await self._metrics.read([scope], names, window)
            sample: Sample | None = {each: results[scope, each] for each in names}
            told_at = clock()
            while kind is not MetricsUpdateKind.ENDED:
                if sample is not None:
                    metrics = _news(sample, told)
                    yield MetricsUpdate(kind, MetricsPlace(told).encode(), datetime.now(UTC), metrics)
                    told_at = clock()
                elif clock() - told_at >= HEARTBEAT_SECONDS:
                    yield MetricsUpdate(MetricsUpdateKind.HEARTBEAT, MetricsPlace(told).encode(), datetime.now(UTC))
                    told_at = clock()
                sample = await _next(sampling)
                kind = MetricsUpdateKind.ENDED if await viewing.is_over() else MetricsUpdateKind.SAMPLE
            yield MetricsUpdate(kind, MetricsPlace(told).encode(), datetime.now(UTC))

    async def _authorized(self, principal: Principal, slug: str, name: str | None) -> UUID | None:
        if name is None:
            await self._access.namespace(principal, slug)
            return None
        _, record = await self._access.by_name(principal, slug, name)
        return record.id


async def _next(sampling: Sampling) -> Sample | None:
    """The next sample; None where it takes longer than until rights are asked for again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(RECHECK_SECONDS):
            return await sampling.next()
    return None


def _news(sample: Sample, told: dict[MetricName, datetime]) -> dict[MetricName, MetricUpdate]:
    """What is new of each metric; `told` is brought up to date."""
    news = {name: MetricUpdate(result, told.get(name)) for name, result in sample.items()}
    for name, result in sample.items():
        if isinstance(result, MetricSeries) and result.points:
            told[name] = max(result.points[-1].at, told.get(name, result.points[-1].at))
    return news


def _no_cursor() -> InvalidInput:
    message = "This is no cursor of metrics. Send one that a message carried, or none to begin anew."
    return InvalidInput(message, path=("after",))
