"""Metrics from Prometheus, through `prometheus-api-client`, which is synchronous: on threads of its own."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests.exceptions import RequestException
from urllib3.util.retry import Retry

from api.metrics.models import MetricName, MetricScope, MetricsSource, MetricsWindow
from api.metrics.queries import promql
from api.metrics.scopes import scopes_of_pod
from api.metrics.sources import Samples, SourceDown
from api.metrics.window import bounds

CALL_SECONDS = 5
_THREADS = 4
_WAITING = 64
"""Calls that may wait for a thread; beyond it the source counts as down, rather than everything waiting for it."""


class PrometheusSource:
    """One Prometheus by its URL."""

    kind = MetricsSource.PROMETHEUS

    def __init__(self, client: PrometheusConnect, workers: ThreadPoolExecutor) -> None:
        self._client = client
        self._workers = workers
        self._under_way = 0

    @classmethod
    @contextmanager
    def open(cls, url: str) -> Iterator[PrometheusSource]:
        """A source whose threads end with the block. That Prometheus answers is not asked here."""
        client = PrometheusConnect(url=url.rstrip("/"), timeout=CALL_SECONDS, retry=Retry(total=0), method="POST")
        workers = ThreadPoolExecutor(_THREADS, thread_name_prefix="prometheus")
        try:
            yield cls(client, workers)
        finally:
            workers.shutdown(wait=False, cancel_futures=True)
            client.close()

    def lacks(self, name: MetricName) -> str | None:  # noqa: ARG002 - what it scrapes is known to it alone
        return None

    async def read(
        self, name: MetricName, scopes: Collection[MetricScope], window: MetricsWindow
    ) -> Mapping[MetricScope, Samples]:
        """The values of each scope that has any, by one `query_range`. Raises SourceDown."""
        series = await self._query(promql(name, scopes, step=window.step), window)
        summed: defaultdict[MetricScope, dict[datetime, float]] = defaultdict(dict)
        for one in series:
            labels = one["metric"]
            for scope in scopes_of_pod(labels.get("namespace", ""), labels.get("pod", "")):
                if scope in scopes:
                    _add(summed[scope], one["values"])
        return summed

    async def _query(self, expression: str, window: MetricsWindow) -> list[dict[str, Any]]:
        if self._under_way >= _WAITING:
            raise SourceDown("Prometheus is slower than it is asked. Try again in a moment.")
        start, end = bounds(window, datetime.now(UTC))
        self._under_way += 1
        try:
            call = asyncio.get_running_loop().run_in_executor(
                self._workers, self._range, expression, start, end, window.step.total_seconds()
            )
            return await asyncio.wait_for(call, CALL_SECONDS)
        except TimeoutError as error:
            raise SourceDown(f"Prometheus did not answer within {CALL_SECONDS} s.") from error
        except (RequestException, PrometheusApiClientException, KeyError, TypeError, ValueError) as error:
            raise SourceDown("Prometheus does not answer as it should. Is MOORAGE_PROMETHEUS_URL right?") from error
        finally:
            self._under_way -= 1

    def _range(self, expression: str, start: datetime, end: datetime, step: float) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.custom_query_range(expression, start, end, f"{step:g}")
        return found


def _add(summed: dict[datetime, float], values: list[list[Any]]) -> None:
    """Add one series to a sum. Prometheus writes values as text, and NaN where it divided by nothing."""
    for at, text in values:
        value = float(text)
        if math.isfinite(value):
            moment = datetime.fromtimestamp(float(at), UTC)
            summed[moment] = summed.get(moment, 0.0) + value
