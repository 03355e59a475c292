"""Loaders: what many fields of one operation ask for, fetched in one call.

They are built for each operation and keep nothing: a mutation followed by a read in one document sees what it wrote.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from strawberry.dataloader import DataLoader

from api.authorization.models import Principal
from api.metrics.models import MetricName, MetricResult, MetricScope, MetricsWindow
from api.namespaces.models import Namespace
from api.users.models import User
from api.workloads.volume_service import VolumeUse
from graphql_schema.pending import Pending
from graphql_schema.services import Services


@dataclass(frozen=True, slots=True)
class MetricKey:
    """One metric of one scope over one window."""

    scope: MetricScope
    name: MetricName
    window: MetricsWindow


class UsersByIdLoader(DataLoader[UUID, User | None]):
    """Users by id; None for those that the principal may not see."""

    def __init__(self, services: Services, principal: Principal) -> None:
        super().__init__(self._load, cache=False)
        self._users = services.users
        self._principal = principal

    async def _load(self, ids: list[UUID]) -> Sequence[User | None]:
        found = await self._users.get_many(self._principal, list(dict.fromkeys(ids)))
        return [found.get(id) for id in ids]


class NamespacesByIdLoader(DataLoader[UUID, Namespace]):
    """Namespaces by id; NotFound for those that the principal may not see."""

    def __init__(self, services: Services, principal: Principal) -> None:
        super().__init__(self._load, cache=False)
        self._namespaces = services.namespaces
        self._principal = principal

    async def _load(self, ids: list[UUID]) -> Sequence[Namespace | BaseException]:
        distinct = list(dict.fromkeys(ids))
        found = await asyncio.gather(
            *(self._namespaces.get_by_id(self._principal, id) for id in distinct), return_exceptions=True
        )
        by_id = dict(zip(distinct, found, strict=True))
        return [by_id[id] for id in ids]


ClaimKey = tuple[str, str]
"""The slug of a namespace, and the name of a disk in it."""


class VolumeUsesByClaimLoader(DataLoader[ClaimKey, VolumeUse]):
    """Who has a use for disks: asked once for each namespace, however many of its disks are named; NotFound for those
    that the principal may not see."""

    def __init__(self, services: Services, principal: Principal) -> None:
        super().__init__(self._load, cache=False)
        self._volumes = services.workloads.volumes
        self._principal = principal

    async def _load(self, keys: list[ClaimKey]) -> Sequence[VolumeUse | BaseException]:
        by_slug: defaultdict[str, set[str]] = defaultdict(set)
        for slug, name in keys:
            by_slug[slug].add(name)
        found = await asyncio.gather(
            *(self._volumes.uses(self._principal, slug, names) for slug, names in by_slug.items()),
            return_exceptions=True,
        )
        uses = dict(zip(by_slug, found, strict=True))
        return [_of(uses[slug], name) for slug, name in keys]


def _of(uses: Mapping[str, VolumeUse] | BaseException, name: str) -> VolumeUse | BaseException:
    return uses if isinstance(uses, BaseException) else uses[name]


class MetricsByScopeLoader(DataLoader[MetricKey, MetricResult]):
    """Metrics by scope: one call to the metrics service a window, whatever number of scopes a query names.

    The first key waits for those of deeper levels, which come once their rows are read. A scope comes from a
    namespace or workload that its service has authorized already.
    """

    def __init__(self, services: Services, pending: Pending) -> None:
        super().__init__(self._load, cache=False)
        self._metrics = services.metrics
        self._pending = pending
        self._waiting = 0
        self._gate: asyncio.Event | None = None

    async def load_gathered(self, key: MetricKey) -> MetricResult:
        """The metric of `key`, read together with whatever else the operation asks for."""
        self._waiting += 1
        try:
            await self._pass_gate()
        finally:
            self._waiting -= 1
        return await self.load(key)

    async def _pass_gate(self) -> None:
        """The first one waits until only metrics are waited for, and opens for all."""
        if self._gate is not None:
            await self._gate.wait()
            return
        self._gate = gate = asyncio.Event()
        try:
            await self._pending.settled(lambda: self._waiting)
        finally:
            self._gate = None
            gate.set()

    async def _load(self, keys: list[MetricKey]) -> Sequence[MetricResult]:
        by_window: defaultdict[MetricsWindow, list[MetricKey]] = defaultdict(list)
        for key in keys:
            by_window[key.window].append(key)
        results: dict[MetricKey, MetricResult] = {}
        for window, wanted in by_window.items():
            results |= await self._read(window, wanted)
        return [results[key] for key in keys]

    async def _read(self, window: MetricsWindow, keys: list[MetricKey]) -> dict[MetricKey, MetricResult]:
        scopes = list(dict.fromkeys(key.scope for key in keys))
        names = frozenset(key.name for key in keys)
        found = await self._metrics.read(scopes, names, window)
        return {key: found[key.scope, key.name] for key in keys}


class Loaders:
    """The loaders of one operation of one principal."""

    def __init__(self, services: Services, principal: Principal, pending: Pending) -> None:
        self.users_by_id = UsersByIdLoader(services, principal)
        self.namespaces_by_id = NamespacesByIdLoader(services, principal)
        self.volume_uses_by_claim = VolumeUsesByClaimLoader(services, principal)
        self.metrics_by_scope = MetricsByScopeLoader(services, pending)
