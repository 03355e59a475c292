"""Loaders: what many fields of one operation ask for, fetched in one call.

They are built for each operation and keep nothing: a mutation followed by a read in one document sees what it wrote.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from strawberry.dataloader import DataLoader

from api.authorization.models import Principal
from api.metrics.models import MetricName, MetricResult, MetricScope, MetricsWindow
from api.namespaces.models import Namespace
from api.users.models import User
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


class MetricsByScopeLoader(DataLoader[MetricKey, MetricResult]):
    """Metrics by scope: one call to the metrics service a window, whatever number of scopes a query names.

    A scope comes from a namespace or workload that its service has authorized already.
    """

    _GATHER_SECONDS = 0.01
    """How long the first key waits for those of deeper levels, which come once their rows are read."""

    def __init__(self, services: Services) -> None:
        super().__init__(self._load, cache=False)
        self._metrics = services.metrics
        self._gate: asyncio.Event | None = None

    async def load_gathered(self, key: MetricKey) -> MetricResult:
        """The metric of `key`, read together with whatever else the operation asks for."""
        if self._gate is None or self._gate.is_set():
            self._gate = asyncio.Event()
            asyncio.get_running_loop().call_later(self._GATHER_SECONDS, self._gate.set)
        await self._gate.wait()
        return await self.load(key)

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

    def __init__(self, services: Services, principal: Principal) -> None:
        self.users_by_id = UsersByIdLoader(services, principal)
        self.namespaces_by_id = NamespacesByIdLoader(services, principal)
        self.metrics_by_scope = MetricsByScopeLoader(services)
