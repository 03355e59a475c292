"""Metrics from Prometheus, through `prometheus-api-client`, which is synchronous: on threads of its own."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests.exceptions import RequestException
from urllib3.util.retry import Retry

from api.metrics.bounded_session import BoundedSession
from api.metrics.models import MetricName, MetricScope, MetricsSource, MetricsWindow
from api.metrics.queries import RATE_WINDOW, promql
from api.metrics.scopes import scopes_of_pod
from api.metrics.sources import Samples, SourceDown
from api.metrics.window import bounds
from api.monitoring.calls import Calls
from api.monitoring.telemetry import Telemetry

CALL_SECONDS = 5
MOST_BYTES = 32 * 1024 * 1024
"""Some million values: a namespace's page asks for a hundredth of that."""
_THREADS = 4
_WAITING = 64
"""Calls that may wait for a thread; beyond it the source counts as down, rather than everything waiting for it."""

Sums = Mapping[MetricScope, Samples]
Answer = TypeVar("Answer")


class PrometheusSource:
    """One Prometheus by its URL. Rates are taken over `rate_window`, or over the step where that is longer."""

    kind = MetricsSource.PROMETHEUS

    def __init__(
        self,
        client: PrometheusConnect,
        workers: ThreadPoolExecutor,
        *,
        rate_window: timedelta = RATE_WINDOW,
        calls: Calls | None = None,
    ) -> None:
        self._client = client
        self._workers = workers
        self._rate_window = rate_window
        self._calls = calls or Telemetry().prometheus
        self._under_way = 0

    @classmethod
    @contextmanager
    def open(
        cls, url: str, *, rate_window: timedelta = RATE_WINDOW, calls: Calls | None = None
    ) -> Iterator[PrometheusSource]:
        """A source whose threads end with the block. That Prometheus answers is not asked here."""
        session = BoundedSession(most_bytes=MOST_BYTES, seconds=CALL_SECONDS)
        client = PrometheusConnect(
            url=url.rstrip("/"), timeout=CALL_SECONDS, retry=Retry(total=0), method="POST", session=session
        )
        workers = ThreadPoolExecutor(_THREADS, thread_name_prefix="prometheus")
        try:
            yield cls(client, workers, rate_window=rate_window, calls=calls)
        finally:
            workers.shutdown(wait=False, cancel_futures=True)
            client.close()

    async def check(self) -> None:
        """Ask it for a number that it has without any data. Raises SourceDown."""
        with self._calls.to("query"):
            await self._on_a_thread(partial(self._client.custom_query, "vector(1)"))

    def lacks(self, name: MetricName) -> str | None:  # noqa: ARG002 - what it scrapes is known to it alone
        return None

    async def read(self, name: MetricName, scopes: Collection[MetricScope], window: MetricsWindow) -> Sums:
        """The values of each scope that has any, by one `query_range`. Raises SourceDown."""
        expression = promql(name, scopes, step=window.step, rate_window=self._rate_window)
        with self._calls.to("query_range", attributes={"moorage.metric": name.value}):
            return await self._on_a_thread(partial(self._sums, expression, frozenset(scopes), window))

    async def _on_a_thread(self, ask: Callable[[], Answer]) -> Answer:
        if self._under_way >= _WAITING:
            raise SourceDown("Prometheus is slower than it is asked. Try again in a moment.")
        self._under_way += 1
        try:
            call = asyncio.get_running_loop().run_in_executor(self._workers, ask)
            # Not by `wait_for`: that of Python 3.11 may swallow that its caller is cancelled.
            async with asyncio.timeout(CALL_SECONDS):
                return await call
        except TimeoutError as error:
            raise SourceDown(f"Prometheus did not answer within {CALL_SECONDS} s.") from error
        except (RequestException, PrometheusApiClientException, LookupError, TypeError, ValueError) as error:
            raise SourceDown("Prometheus does not answer as it should. Is MOORAGE_PROMETHEUS_URL right?") from error
        finally:
            self._under_way -= 1

    def _sums(self, expression: str, scopes: Collection[MetricScope], window: MetricsWindow) -> Sums:
        start, end = bounds(window, datetime.now(UTC))
        step = f"{window.step.total_seconds():.3f}"
        return _summed(self._client.custom_query_range(expression, start, end, step), scopes)


def _summed(series: list[dict[str, Any]], scopes: Collection[MetricScope]) -> Sums:
    """Each pod's series added to the scopes that it counts in."""
    sums: defaultdict[MetricScope, dict[datetime, float]] = defaultdict(dict)
    for one in series:
        labels, samples = one["metric"], _samples(one["values"])
        for scope in scopes_of_pod(labels.get("namespace", ""), labels.get("pod", "")):
            if scope in scopes:
                _add(sums[scope], samples)
    return sums


def _samples(values: list[list[Any]]) -> Samples:
    """The numbers of one series. Prometheus writes values as text, and NaN where it divided by nothing."""
    numbers = ((float(at), float(text)) for at, text in values)
    return {datetime.fromtimestamp(at, UTC): value for at, value in numbers if math.isfinite(value)}


def _add(sums: dict[datetime, float], samples: Samples) -> None:
    for at, value in samples.items():
        sums[at] = sums.get(at, 0.0) + value
