"""What the settings of exposure name in the cluster, looked up: whether it is there, as far as Moorage may look.

A `loadBalancerClass` is the name of nothing that could be looked up: of an operator that is known, its API is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

from api.clusters.cluster import Cluster, Object
from api.clusters.failures import Denied
from api.clusters.objects import Kind
from api.errors import ExpectedFailure, Unavailable
from api.manifests.exposures.profiles import Carrier, ExposureProfile, Exposures, GatewayReference
from api.manifests.models import ExposureMode

LOOK_SECONDS = 60.0
"""Between two looks: what is missing may be installed while we run."""
_CERTIFICATES = "cert-manager.io"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Why something cannot be had, or what could not be looked up, each a sentence; None: nothing of the sort."""

    missing: str | None = None
    unchecked: str | None = None
    live: Object | None = None


class Prerequisites:
    """Looks up what each profile names; a demo's, and a mode's that is not set, names nothing."""

    def __init__(self, exposures: Exposures, cluster: Cluster) -> None:
        offered = (exposures.private, exposures.public)
        self._profiles = [each for each in offered if isinstance(each, ExposureProfile) and not each.is_demo]
        self._cluster = cluster
        self._found: dict[ExposureMode, Lookup] = {}

    def of(self, mode: ExposureMode) -> Lookup:
        """What the last look has found."""
        return self._found.get(mode, Lookup())

    async def look(self) -> None:
        """Look once, and log what has changed since. Where the cluster does not answer, the last look stands."""
        for profile in self._profiles:
            try:
                found = await self._look_up(profile)
            except Unavailable as error:
                _logger.info("what %s names is not looked up just now: %s", profile.setting, error.message)
                return
            former, self._found[profile.mode] = self.of(profile.mode), found
            if found != former:
                _report(profile, found)

    async def keep_looking(self) -> None:
        """Until cancelled."""
        while self._profiles:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception:
                _logger.exception("what the settings of exposure name could not be looked up; it is tried again")
        await asyncio.Event().wait()

    async def _look_up(self, profile: ExposureProfile) -> Lookup:
        """What is missing tells more than what could not be looked up."""
        unchecked: str | None = None
        async for found in self._each(profile):
            if found.missing is not None:
                return found
            unchecked = unchecked or found.unchecked
        return Lookup(unchecked=unchecked)

    async def _each(self, profile: ExposureProfile) -> AsyncIterator[Lookup]:
        setting = profile.setting
        if profile.api_group:
            way_out = f"install it, or set {setting} to another one"
            what = f"API {profile.api_group} of {profile.operator}"
            yield await _looked_up(what, self._cluster.serves_group(profile.api_group), setting, way_out)
        if profile.carrier is Carrier.INGRESS:
            way_out = f"install {profile.operator}, or name another class in {setting}_CLASS"
            yield await self._one(Kind.INGRESS_CLASS, profile.class_name, setting, way_out)
        if profile.gateway is not None and self._cluster.serves(Kind.HTTP_ROUTE):  # else that is told already
            async for found in self._gateway(profile.gateway, f"{setting}_CLASS"):
                yield found
        if profile.issuer is not None:
            async for found in self._issuer(profile.issuer, f"{setting}_ISSUER"):
                yield found

    async def _gateway(self, gateway: GatewayReference, setting: str) -> AsyncIterator[Lookup]:
        """The Gateway, and the class that it says to be of."""
        name = f"{gateway.namespace}/{gateway.name}"
        asked = self._cluster.get(Kind.GATEWAY, gateway.namespace, gateway.name)
        found = await _looked_up(f"Gateway {name}", asked, setting, f"make it, or name another one in {setting}")
        yield found
        if found.live is not None:
            way_out = "install the controller of that class, or let the Gateway name another one"
            class_name = str(found.live.get("spec", {}).get("gatewayClassName", ""))
            yield await self._one(Kind.GATEWAY_CLASS, class_name, f"the Gateway {name}", way_out)

    async def _issuer(self, issuer: str, setting: str) -> AsyncIterator[Lookup]:
        way_out = f"install cert-manager, or leave {setting} out where certificates come from elsewhere"
        yield await _looked_up(f"API {_CERTIFICATES}", self._cluster.serves_group(_CERTIFICATES), setting, way_out)
        yield await self._one(Kind.CLUSTER_ISSUER, issuer, setting, f"make it, or name another one in {setting}")

    async def _one(self, kind: Kind, name: str, needed_by: str, way_out: str) -> Lookup:
        """One that belongs to no namespace."""
        return await _looked_up(f"{kind.kind} {name}", self._cluster.get(kind, None, name), needed_by, way_out)


async def _looked_up(what: str, asked: Awaitable[Object | bool | None], needed_by: str, way_out: str) -> Lookup:
    """A right that is missing says nothing of what Moorage may not see."""
    try:
        live = await asked
    except (Denied, ExpectedFailure) as error:
        return Lookup(unchecked=f"Whether the cluster has the {what} is not known. {error.message}")
    if not live:
        way_out = f"The cluster's administrator can {way_out}."
        return Lookup(missing=f"The cluster has no {what}, which {needed_by} needs. {way_out}")
    return Lookup(live=live if isinstance(live, dict) else None)


def _report(profile: ExposureProfile, found: Lookup) -> None:
    if found.missing is not None:
        _logger.warning("%s exposure is not offered: %s", profile.mode.value, found.missing)
    elif found.unchecked is not None:
        _logger.info("%s exposure is offered unchecked: %s", profile.mode.value, found.unchecked)
    else:
        _logger.info("%s exposure is offered: what it needs is in the cluster", profile.mode.value)
