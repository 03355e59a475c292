"""The metrics of this process, for a Prometheus that has the token."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

METRICS_PATH = "/metrics"


class MetricsEndpoint:
    """Answers who sends `token` as a bearer token. Where there is none, there are no metrics either: 404.

    It is a secret of its own, as whoever scrapes needs no other right; API tokens end, and a user's may do more.
    """

    def __init__(self, registry: CollectorRegistry, token: str | None) -> None:
        self._series = _WithoutCreated(registry)
        self._token = token.encode() if token is not None else None
        self._one = asyncio.Lock()

    async def expose(self, request: Request) -> Response:
        """The text format 0.0.4, of everything that is measured."""
        if self._token is None:
            return PlainTextResponse("Metrics are off: MOORAGE_METRICS_TOKEN is not set.\n", 404)
        if not self._may_read(request.headers.get("authorization", "")):
            headers = {"WWW-Authenticate": "Bearer"}
            return PlainTextResponse("Send MOORAGE_METRICS_TOKEN as a bearer token.\n", 401, headers)
        async with self._one:
            text = await asyncio.to_thread(generate_latest, self._series)  # thousands of series take milliseconds
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"})

    def _may_read(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), self._token or b"")


class _WithoutCreated(CollectorRegistry):
    """The library adds to each series one that says since when it exists, which half of all series would be."""

    def __init__(self, registry: Collector) -> None:
        super().__init__()
        self._all = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._all.collect():
            metric.samples = [each for each in metric.samples if not each.name.endswith("_created")]
            yield metric
