"""Following every watched kind: in the whole cluster where Moorage may, and else in each namespace of ours.

A right to list in the whole cluster needs a ClusterRoleBinding, which not every administrator gives. Without one, the
API server answers 403; each kind is then followed by a list and watch in each namespace that it is told of, for which a
RoleBinding there is enough. Of a Namespace itself a Role there grants `get` alone, so that it is asked for in turns.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Collection

import msgspec

from api.clusters.backoff import Backoff
from api.clusters.connection import Connection, path
from api.clusters.failures import Denied
from api.clusters.health import Health
from api.clusters.informer import Informer
from api.clusters.objects import WATCHED, Kind, Namespace
from api.clusters.store import Store
from api.errors import MoorageError, NotThere
from api.monitoring.telemetry import Telemetry
from api.monitoring.watching import Watching

WIDE_AGAIN_SECONDS = 300.0
"""After so long in single namespaces it is tried whether the whole cluster may be listed by now."""
NAMESPACE_SECONDS = 10.0
"""Between two looks at a Namespace that may not be watched."""

_logger = logging.getLogger(__name__)


class Following:
    """Keeps the Store true, a task for each kind; the caller owns the tasks."""

    def __init__(
        self, connection: Connection, store: Store, health: Health, *, stall: float, watching: Watching | None = None
    ) -> None:
        self._connection = connection
        self._store = store
        self._health = health
        self._stall = stall
        self._watching = watching or Telemetry().watching
        self._namespaces: frozenset[str] = frozenset()
        self._changed = asyncio.Condition()
        self._namespace = msgspec.json.Decoder(Namespace)

    async def follow_namespaces(self, slugs: Collection[str]) -> None:
        """From now on these are ours, and no others: what is known of others is forgotten where it is not watched."""
        async with self._changed:
            self._namespaces = frozenset(slugs)
            self._changed.notify_all()

    async def follow_namespace(self, slug: str) -> None:
        """One more is ours."""
        await self.follow_namespaces(self._namespaces | {slug})

    async def follow(self, kind: Kind) -> None:
        """Follow a kind until cancelled; one of an extension until the API server serves it no longer."""
        backoff = Backoff()
        while True:
            informer = self._informer(kind)
            try:
                await informer.run(until_denied=True)
            except NotThere:
                self._store.narrow(kind, frozenset())
                return
            except Denied as error:
                self._store.deny(kind)
                if not self._namespaces:
                    self._denied(kind, error)
                    await self._until_changed(backoff.next())
            if self._namespaces:
                _logger.info("%s are followed namespace by namespace, for want of a right", kind.plural)
                await self._in_namespaces(kind)
                backoff.reset()

    def _informer(self, kind: Kind, namespace: str | None = None) -> Informer:
        return Informer(
            self._connection,
            self._store,
            self._health,
            kind,
            stall=self._stall,
            namespace=namespace,
            watching=self._watching,
        )

    def _denied(self, kind: Kind, error: Denied) -> None:
        """A right to what a cluster may lack altogether is no trouble of the rest."""
        if WATCHED[kind].optional:
            _logger.warning("%s", error.message)
            self._health.well(kind)
        else:
            self._health.trouble(kind, error.message)

    async def _in_namespaces(self, kind: Kind) -> None:
        """Follow a kind in each namespace of ours, those that come and go too, until it may be listed everywhere."""
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                wanted = self._namespaces
                self._store.narrow(kind, wanted)
                self._health.narrow(kind, wanted)
                for slug in tasks.keys() - wanted:
                    await _ended(tasks.pop(slug))
                for slug in wanted - tasks.keys():
                    tasks[slug] = asyncio.create_task(self._in(kind, slug), name=f"informer {kind.plural} in {slug}")
                pause = WIDE_AGAIN_SECONDS * random.uniform(1, 1.5)  # noqa: S311 - so that kinds do not march in step
                if not await self._until_changed(pause, since=wanted) and await self._may_list_all(kind):
                    return
        finally:
            for task in tasks.values():
                await _ended(task)

    async def _may_list_all(self, kind: Kind) -> bool:
        try:
            await self._connection.get(path(kind), {"limit": "1"})
        except MoorageError:
            return False
        return True

    async def _in(self, kind: Kind, slug: str) -> None:
        """Until cancelled. Where even this is denied nothing is known of it: the namespace is gone with the rights in
        it, or has lost them. That is no trouble of the others."""
        if kind is Kind.NAMESPACE:
            await self._look_at(slug)
            return
        backoff = Backoff()
        while True:
            informer = self._informer(kind, slug)
            try:
                await informer.run(until_denied=True)
            except (Denied, NotThere) as error:
                _logger.warning("in %s: %s", slug, error.message)
                self._store.forget(kind, slug)
                if isinstance(error, Denied):
                    self._store.deny(kind, slug)
                self._health.well(kind, slug)
            await backoff.pause()

    async def _look_at(self, slug: str) -> None:
        """Ask for a Namespace again and again, until cancelled."""
        backoff = Backoff()
        while True:
            try:
                self._store.reached(Kind.NAMESPACE, await self._seen(slug), slug)
            except (MoorageError, msgspec.DecodeError) as error:
                detail = error.detail if isinstance(error, MoorageError) else ""
                self._health.trouble(Kind.NAMESPACE, str(error), slug, detail=detail)
                await backoff.pause()
                continue
            self._health.well(Kind.NAMESPACE, slug)
            backoff.reset()
            await asyncio.sleep(NAMESPACE_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 - so as not to march in step

    async def _seen(self, slug: str) -> str:
        """Its resourceVersion, once the Store has it as it is."""
        try:
            told = await self._connection.get(path(Kind.NAMESPACE, None, slug))
        except (NotThere, Denied):
            if (former := self._store.namespace(slug)) is not None:
                self._store.remove(Kind.NAMESPACE, former)
            return "0"
        item = self._namespace.decode(told)
        self._store.put(Kind.NAMESPACE, item)
        return item.metadata.resource_version

    async def _until_changed(self, seconds: float, *, since: frozenset[str] | None = None) -> bool:
        """Wait until the namespaces are others than `since` (now, where it is None); False after `seconds`."""
        former = self._namespaces if since is None else since
        try:
            async with asyncio.timeout(seconds), self._changed:
                return await self._changed.wait_for(lambda: self._namespaces != former)
        except TimeoutError:
            return False


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
