"""The front door of namespaces: who may have which, and that each is in the cluster whole or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.authorization.authorizer import Authorizer, Verb
from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.pages import Order, Page, PageRequest
from api.database.searching import check_text
from api.errors import NamespaceTerminating, NameTaken, NotFound, QuotaExceeded, Unavailable
from api.idempotency.models import Claim, Result
from api.idempotency.repository import IdempotencyRepository
from api.manifests.models import ObjectDiff
from api.manifests.redaction import redact, to_yaml
from api.namespaces.events import newest_first
from api.namespaces.models import (
    BY_NAME,
    EVERY_EVENT,
    EVERY_NAMESPACE,
    Event,
    EventFilter,
    Namespace,
    NamespaceFilter,
    NamespaceLimits,
    NamespaceOrderField,
    NamespacePhase,
    QuotaUsage,
)
from api.namespaces.names import check_name, new_slug
from api.namespaces.provisioning import Provisioner
from api.namespaces.quota import quota_usage
from api.namespaces.repository import NamespaceRepository
from api.namespaces.settling import Settler

_NOUN = "namespace"
_ABANDONED_AFTER = timedelta(minutes=2)
"""A creation takes seconds; one that is pending for longer lost its process on the way."""


PATIENCE_SECONDS = 30.0
"""No request that deletes a namespace is at work for longer."""


class NamespaceService:
    """Every method authorizes first; absent and somebody else's look alike (NotFound)."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        authorizer: Authorizer,
        limits: NamespaceLimits,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`patience_seconds`: for how long a deletion is left to whoever began it."""
        self._database = database
        self._cluster = cluster
        self._authorizer = authorizer
        self._limits = limits
        self._provisioner = Provisioner(cluster, limits)
        self._settler = Settler()
        self._deleting: dict[UUID, float] = {}
        self._patience_seconds = patience_seconds

    async def create(self, principal: Principal, name: str, *, claim: Claim | None = None) -> Namespace:
        """A namespace of the principal's own, with its quota, policies and rights, whole or not at all.

        Raises InvalidInput or NameTaken on path `name`, QuotaExceeded at the limit of namespaces a user, and
        Unavailable where the cluster does not answer.
        """
        self._authorizer.require(principal, Verb.WRITE, owner_id=principal.user_id)
        check_name(name)
        self._cluster.require_reachable()
        await self._mend_of(principal.user_id)
        namespace = await self._record(principal.user_id, name, claim)
        try:
            await self._provisioner.provision(namespace)
            return await self._activate(namespace)
        except BaseException:
            await self._clean_up(namespace)
            raise

    async def recall(self, principal: Principal, result: Result) -> Namespace | None:
        """The namespace that an idempotency key stands for; None where its creation was undone, or is now."""
        async with self._database.session() as session:
            namespace = await NamespaceRepository(session).by_id(UUID(result["namespace"]))
        if namespace is None or namespace.phase is NamespacePhase.TERMINATING:
            return None
        if namespace.phase is NamespacePhase.PENDING:  # its process was lost: nobody works on a key that was taken over
            await self._discard(namespace)
            return None
        return await self.authorized(principal, namespace, Verb.WRITE)

    async def get(self, principal: Principal, slug: str, verb: Verb = Verb.READ) -> Namespace:
        """The namespace of that slug; NotFound where the principal may not know of it."""
        async with self._database.autocommit() as session:
            namespace = await NamespaceRepository(session).by_slug(slug)
        return await self.authorized(principal, namespace, verb)

    async def get_by_id(self, principal: Principal, namespace_id: UUID, verb: Verb = Verb.READ) -> Namespace:
        """The namespace of that id; NotFound where the principal may not know of it."""
        async with self._database.autocommit() as session:
            namespace = await NamespaceRepository(session).by_id(namespace_id)
        return await self.authorized(principal, namespace, verb)

    async def followed(self, namespace_id: UUID) -> Namespace:
        """The namespace of that id, for nobody's eyes: who is told of it is asked for by `require`. Raises NotFound."""
        async with self._database.autocommit() as session:
            namespace = await NamespaceRepository(session).by_id(namespace_id)
        return await self._present(namespace)

    async def list(
        self,
        principal: Principal,
        page: PageRequest,
        owner_id: UUID | None = None,
        *,
        filter: NamespaceFilter = EVERY_NAMESPACE,
        order: Order[NamespaceOrderField] = BY_NAME,
    ) -> Page[Namespace]:
        """Namespaces of `owner_id`, or where it is None all that the principal may read.

        Raises InvalidInput for a cursor of another order, and for what cannot be looked for.
        """
        owner = owner_id if owner_id is not None or principal.is_administrator else principal.user_id
        verb = Verb.READ if owner is not None else Verb.ADMINISTER
        self._authorizer.require(principal, verb, owner_id=owner, noun="user")
        check_text(filter.text)
        found = await self._page(owner, page, filter, order)
        if gone := await self._gone(found.items):
            await self._forget(gone)
            found = await self._page(owner, page, filter, order)
        return found.map(self._as_seen)

    async def delete(self, principal: Principal, slug: str) -> Namespace:
        """Begin to delete the namespace with everything in it; its record goes once the cluster has it gone."""
        namespace = await self.get(principal, slug, Verb.DELETE)
        try:
            await self._move(namespace, NamespacePhase.TERMINATING)
            await self._provisioner.delete(namespace)
        except BaseException:  # also where the first was done, and its answer lost
            phase = NamespacePhase.ACTIVE if namespace.phase is NamespacePhase.MISSING else namespace.phase
            await self._settler.settle(lambda: self._move(namespace, phase), what=f"keep namespace {namespace.slug}")
            raise
        return replace(namespace, phase=NamespacePhase.TERMINATING)

    def quota(self, namespace: Namespace) -> tuple[QuotaUsage, ...]:
        """What the namespace uses and may use, from the Store. The namespace was authorized where it was read."""
        return quota_usage(self._cluster.store.resource_quotas(namespace.slug))

    def require(self, principal: Principal, namespace: Namespace, verb: Verb = Verb.READ) -> None:
        """NotFound where the principal may not know of a namespace that was read already."""
        self._authorizer.require(principal, verb, owner_id=namespace.owner_id, noun=_NOUN)

    async def events(
        self, principal: Principal, namespace: Namespace, page: PageRequest, filter: EventFilter = EVERY_EVENT
    ) -> Page[Event]:
        """What the cluster reported of anything in the namespace, newest first."""
        self.require(principal, namespace)
        return newest_first(self._cluster.store.events(namespace.slug), page, filter)

    async def manifest(self, principal: Principal, slug: str) -> str:
        """The Namespace object as YAML: one call of the cluster."""
        namespace = await self.get(principal, slug)
        live = await self._cluster.get(Kind.NAMESPACE, None, namespace.slug)
        if live is None:
            raise NotFound(f"The namespace {namespace.name} is not in the cluster.")
        return to_yaml(redact(live))

    async def reconciled(self) -> Sequence[Namespace]:
        """The namespaces that are to be held to what is recorded of them; none while the cluster is not known yet. For
        the reconciler."""
        if not self._cluster.store.synced:
            return []
        async with self._database.autocommit() as session:
            return [self._as_seen(each) for each in await NamespaceRepository(session).reconciled()]

    async def to_reconcile(self, slug: str) -> Namespace | None:
        """The namespace of that slug, where it is to be held to what is recorded of it; else None."""
        async with self._database.autocommit() as session:
            namespace = await NamespaceRepository(session).by_slug(slug)
        if namespace is None or namespace.reconciliation_paused or not self._cluster.store.synced:
            return None
        return self._as_seen(namespace)

    def repair(self, namespace: Namespace, *, permit: Callable[[], None]) -> AsyncIterator[ObjectDiff]:
        """Bring what guards the namespace back to what it shall be; `permit` is asked before each write."""
        return self._provisioner.repair(namespace, permit=permit)

    async def follow(self) -> None:
        """Tell the cluster which namespaces are ours, for where it may not list everything: at the start of the server,
        and from time to time, as other replicas make and delete some too."""
        async with self._database.autocommit() as session:
            slugs = await NamespaceRepository(session).slugs()
        await self._cluster.follow_namespaces(slugs)

    async def sweep(self) -> None:
        """Mend what a process that was killed half-way left behind: at the start of the server, and by the reconciler.

        A deletion is gone on with once it was seen for a while: whoever began it may still be at it, and keep the
        namespace where the cluster refuses.
        """
        async with self._database.session() as session:
            unsettled = await NamespaceRepository(session).unsettled()
        now = time.monotonic()
        terminating = [each.id for each in unsettled if each.phase is NamespacePhase.TERMINATING]
        self._deleting = {each: self._deleting.get(each, now) for each in terminating}
        fresh = {each for each, since in self._deleting.items() if now - since < self._patience_seconds}
        await self._mend([each for each in unsettled if each.id not in fresh or self._seems_gone(each)])

    async def settled(self) -> None:
        """Wait until nothing is being undone any more that a failed request left."""
        await self._settler.settled()

    async def close(self) -> None:
        """Let what is being undone come to its end, for a moment."""
        await self._settler.close()

    async def _record(self, owner_id: UUID, name: str, claim: Claim | None) -> Namespace:
        slug = new_slug(name)
        try:
            return await self._add(owner_id, name, slug, claim)
        except (Unavailable, asyncio.CancelledError):  # it may have been committed, and the answer been lost
            await self._settler.settle(lambda: self._discard_recorded(slug), what=f"clean up namespace {slug}")
            raise

    async def _add(self, owner_id: UUID, name: str, slug: str, claim: Claim | None) -> Namespace:
        async with self._database.session() as session:
            namespaces = NamespaceRepository(session)
            await namespaces.lock_owner(owner_id)
            count = await namespaces.count(owner_id)
            if count >= self._limits.per_user:
                raise _too_many(count, self._limits.per_user)
            namespace = await namespaces.add(owner_id=owner_id, name=name, slug=slug)
            if namespace is not None and claim is not None:
                await IdempotencyRepository(session).link(claim, {"namespace": str(namespace.id)})
        if namespace is None:
            raise NameTaken(f"You have a namespace {name!r} already. Choose another name.", path=("name",))
        return namespace

    async def _activate(self, namespace: Namespace) -> Namespace:
        if not await self._move(namespace, NamespacePhase.ACTIVE, out_of={NamespacePhase.PENDING}):
            raise NamespaceTerminating(f"The namespace {namespace.name} was deleted while it was being created.")
        return replace(namespace, phase=NamespacePhase.ACTIVE)

    async def _discard_recorded(self, slug: str) -> None:
        async with self._database.session() as session:
            namespace = await NamespaceRepository(session).by_slug(slug)
        if namespace is not None:
            await self._discard(namespace)

    async def _discard(self, namespace: Namespace) -> None:
        """Undo a creation; the record goes last, so that what the cluster does not do now is tried again."""
        await self._move(namespace, NamespacePhase.TERMINATING)
        await self._provisioner.delete(namespace)
        await self._forget([namespace])

    async def _move(
        self, namespace: Namespace, phase: NamespacePhase, out_of: Collection[NamespacePhase] = tuple(NamespacePhase)
    ) -> bool:
        async with self._database.session() as session:
            return await NamespaceRepository(session).move(namespace.id, phase, out_of=out_of)

    async def _page(
        self, owner_id: UUID | None, page: PageRequest, filter: NamespaceFilter, order: Order[NamespaceOrderField]
    ) -> Page[Namespace]:
        async with self._database.autocommit() as session:
            return await NamespaceRepository(session).page(owner_id, page, filter=filter, order=order)

    async def authorized(self, principal: Principal, namespace: Namespace | None, verb: Verb) -> Namespace:
        """A namespace as it is recorded, None where there is none, as it is seen; NotFound where the principal may not
        know of it."""
        owner_id = namespace.owner_id if namespace else None
        self._authorizer.require(principal, verb, owner_id=owner_id, noun=_NOUN)
        return await self._present(namespace)

    async def _present(self, namespace: Namespace | None) -> Namespace:
        """A namespace as it is seen; NotFound where it is gone."""
        if namespace is None or await self._gone([namespace]):
            await self._forget([namespace] if namespace else [])
            raise NotFound(f"There is no such {_NOUN}.")
        return self._as_seen(namespace)

    def _as_seen(self, namespace: Namespace) -> Namespace:
        """The namespace with the phase that the cluster shows, where the two differ."""
        live = self._cluster.store.namespace(namespace.slug)
        if namespace.phase is not NamespacePhase.ACTIVE or not self._cluster.store.synced:
            return namespace
        if live is None:
            return replace(namespace, phase=NamespacePhase.MISSING)
        is_terminating = live.metadata.deletion_timestamp is not None
        return replace(namespace, phase=NamespacePhase.TERMINATING) if is_terminating else namespace

    async def _gone(self, namespaces: Collection[Namespace]) -> Collection[Namespace]:
        """Those whose deletion is through. The cluster is asked of what seems so: a watch may be behind, and what is
        forgotten while it is there is nobody's for ever."""
        return [each for each in namespaces if self._seems_gone(each) and await self._has_gone(each)]

    async def _has_gone(self, namespace: Namespace) -> bool:
        try:
            return await self._provisioner.has_gone(namespace)
        except Unavailable:
            return False

    def _seems_gone(self, namespace: Namespace) -> bool:
        """Whether it is recorded as on its way out, and the watch knows of none."""
        if namespace.phase is not NamespacePhase.TERMINATING or not self._cluster.reachable:
            return False
        return self._cluster.store.namespace(namespace.slug) is None

    async def _forget(self, namespaces: Collection[Namespace]) -> None:
        async with self._database.session() as session:
            await NamespaceRepository(session).remove([namespace.id for namespace in namespaces])

    async def _mend_of(self, owner_id: UUID) -> None:
        """The same for one user, whose deletions count against the limit until they are through: but going on with
        these is the sweep's alone, as whoever began one may be about to be refused, and to keep the namespace."""
        async with self._database.session() as session:
            unsettled = await NamespaceRepository(session).unsettled(owner_id=owner_id)
        await self._mend([each for each in unsettled if each.phase is NamespacePhase.PENDING or self._seems_gone(each)])

    async def _mend(self, unsettled: Collection[Namespace]) -> None:
        """Forget what is gone from the cluster, go on with deletions, and undo creations that nobody finishes."""
        gone = await self._gone(unsettled)
        await self._forget(gone)
        await asyncio.gather(*(self._go_on(namespace) for namespace in unsettled if namespace not in gone))

    async def _go_on(self, namespace: Namespace) -> None:
        if namespace.phase is NamespacePhase.TERMINATING:
            await self._settler.settle(
                lambda: self._provisioner.delete(namespace), what=f"delete namespace {namespace.slug}"
            )
        elif namespace.phase is NamespacePhase.PENDING and _is_abandoned(namespace):
            await self._clean_up(namespace)

    async def _clean_up(self, namespace: Namespace) -> None:
        await self._settler.settle(lambda: self._discard(namespace), what=f"clean up namespace {namespace.slug}")


def require_open(namespace: Namespace) -> None:
    """NamespaceTerminating unless something new can be put into the namespace."""
    if namespace.phase is NamespacePhase.TERMINATING:
        raise NamespaceTerminating(
            f"The namespace {namespace.name} is being deleted. Choose another, or create one.", path=("namespace",)
        )


def _is_abandoned(namespace: Namespace) -> bool:
    return datetime.now(UTC) - namespace.created_at > _ABANDONED_AFTER


def _too_many(count: int, limit: int) -> QuotaExceeded:
    return QuotaExceeded(
        f"You have {count} namespaces, and may have {limit}. Delete one that you no longer need.",
        resource="namespaces",
        used=str(count),
        requested="1",
        limit=str(limit),
        path=("name",),
    )
