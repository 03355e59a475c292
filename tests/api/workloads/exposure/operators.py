"""What an operator would do, done by hand; and following what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from api.manifests.exposures.profiles import Exposures
from api.workloads.models import Exposure, ExposureState
from tests.api.clusters.embedded.client import JSON_PATCH, Client
from tests.api.workloads.apps import PATIENCE, Apps

DEVICE = "web.tail1234.ts.net"
FINALIZER = "tailscale.com/finalizer"
Settings = Callable[[Exposures], Apps]
"""The same installation once its administrator has set exposure otherwise, and started it again."""


class Operator:
    """Acts on what exposes an app, as an operator would: through the API server."""

    def __init__(self, somebody: Client, slug: str) -> None:
        self._somebody = somebody
        self._services = f"/api/v1/namespaces/{slug}/services"
        self._ingresses = f"/apis/networking.k8s.io/v1/namespaces/{slug}/ingresses"

    async def hold(self, *finalizers: str) -> None:
        """Put finalizers on the private Service; none let it go."""
        change = {"metadata": {"finalizers": list(finalizers) or None}}
        assert (await self._somebody.patch(f"{self._services}/web-private", change)).status == 200

    async def report(self, status: str, reason: str, message: str, *, hostname: str | None = None) -> None:
        condition = {"type": "TailscaleProxyReady", "status": status, "reason": reason, "message": message}
        condition["lastTransitionTime"] = "2026-11-27T12:00:00Z"
        balancer = {"ingress": [{"hostname": hostname}]} if hostname else {}
        change = {"status": {"conditions": [condition], "loadBalancer": balancer}}
        assert (await self._somebody.patch(f"{self._services}/web-private/status", change)).status == 200

    async def assign(self, hostname: str) -> None:
        """What an ingress controller does."""
        change = [{"op": "add", "path": "/status/loadBalancer/ingress", "value": [{"hostname": hostname}]}]
        answer = await self._somebody.patch(f"{self._ingresses}/web-public/status", change, JSON_PATCH)
        assert answer.status == 200


async def reach(apps: Apps, holds: Callable[[Exposure], bool]) -> Exposure:
    """The exposure of the app once its stream tells that it is so."""
    async with asyncio.timeout(PATIENCE):
        async for update in apps.workloads.watch(apps.principal, apps.namespace.slug, "web"):
            if update.workload is not None and holds(update.workload.exposure):
                return update.workload.exposure
    raise AssertionError("the stream ended")


def is_in(state: ExposureState) -> Callable[[Exposure], bool]:
    return lambda exposure: exposure.state is state
