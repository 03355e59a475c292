"""Services that have to be gone before others come: they would take a place each of the namespace's quota.

The class of a load balancer is for ever, so that another class takes a Service of another name
(https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class). Where the quota is full the new
one cannot come before the old one has left, with its finalizers, and is counted no longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.ownership import is_ours
from api.errors import NameTaken, QuotaExceeded
from api.manifests.quantities import parse
from api.namespaces.quota import quota_usage

Object = dict[str, Any]

GONE_SECONDS = 5.0
"""An operator that is there has cleaned up within that, or asking again a moment later finds it so."""
_BALANCERS = "services.loadbalancers"
_COUNTED = ("services", "count/services")


def newcomers(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """The Services that are wanted and not there."""
    there = {_name(each) for each in live if _is_service(each)}
    return [each for each in wanted if _is_service(each) and _name(each) not in there]


def predecessors(wanted: Sequence[Object], live: Sequence[Object]) -> list[Object]:
    """The Services of ours that have to be gone before those come that are new: those that are wanted no longer, also
    where they are on their way out. None where no new one comes."""
    if not newcomers(wanted, live):
        return []
    kept = {_name(each) for each in wanted if _is_service(each)}
    return [each for each in live if _is_service(each) and _name(each) not in kept and is_ours(each)]


def makes_room(refusal: QuotaExceeded, newcomer: Object, going: Iterable[Object]) -> bool:
    """Whether what the quota refuses would fit once those of its sort that are `going` have left."""
    if refusal.resource not in (*_COUNTED, _BALANCERS):
        return False
    leaving = sum(_is_balancer(each) is _is_balancer(newcomer) for each in going)
    return bool(parse(refusal.used) + parse(refusal.requested) - leaving <= parse(refusal.limit))


def require_left(wanted: Sequence[Object], live: Sequence[Object]) -> None:
    """NameTaken where one that has to be gone is on its way out still."""
    if stuck := [each for each in predecessors(wanted, live) if "deletionTimestamp" in each["metadata"]]:
        raise _stuck(stuck[0])


async def until_left(
    cluster: Cluster, slug: str, former: Sequence[Object], successors: Sequence[Object], *, seconds: float
) -> None:
    """Wait until all of `former` are gone and the quota has counted that, or it is taken not to.

    Raises NameTaken after `seconds` for one that is still kept by its finalizers.
    """
    with cluster.store.subscribe(slug) as changes, suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            former = await _kept(cluster, slug, former)
            while former or not _has_room(cluster, slug, successors):
                await anext(changes)
                former = await _kept(cluster, slug, former)
    if stuck := await _kept(cluster, slug, former):
        raise _stuck(stuck[0])


async def _kept(cluster: Cluster, slug: str, former: Iterable[Object]) -> list[Object]:
    """Those of `former` that are still there, as they are."""
    found = [(each, await cluster.get(Kind.SERVICE, slug, _name(each))) for each in former]
    return [now for was, now in found if now is not None and now["metadata"]["uid"] == was["metadata"]["uid"]]


def _has_room(cluster: Cluster, slug: str, successors: Sequence[Object]) -> bool:
    """As far as the Store knows the quota: it is counted anew a moment after what was counted has gone."""
    taken = {*_COUNTED, *([_BALANCERS] if any(map(_is_balancer, successors)) else [])}
    usage = quota_usage(cluster.store.resource_quotas(slug))
    return all(each.used < each.hard for each in usage if each.resource in taken)


def _stuck(live: Object) -> NameTaken:
    name, finalizers = _name(live), ", ".join(live["metadata"].get("finalizers") or ())
    message = (
        f"The Service {name} of before is still being removed, and its successor can only come once it is gone. "
        "Try again in a moment. Where it stays, the operator that is to clean up after it is not there any more: the "
        f"cluster's administrator can start that again, or take the finalizer away ({finalizers or 'none is left'})."
    )
    return NameTaken(message, path=("exposure",))


def _is_service(manifest: Object) -> bool:
    return Kind.of(manifest) is Kind.SERVICE


def _is_balancer(manifest: Object) -> bool:
    return bool(manifest["spec"].get("type") == "LoadBalancer")


def _name(manifest: Object) -> str:
    return str(manifest["metadata"]["name"])
