"""The disks of a namespace: listed with who has a use for them, and deleted where nobody has."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.clusters.cluster import Cluster, Object
from api.clusters.objects import Kind, workload_id
from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.errors import InUse, InvalidInput, NotFound, NotThere, Unavailable
from api.idempotency.models import Claim
from api.idempotency.service import Idempotency
from api.manifests.claims import is_claim_of
from api.manifests.diff import deletion
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.workloads.broadcast import Broadcaster
from api.workloads.models import DeletedWorkload, VolumeClaim, Workload
from api.workloads.reading import WorkloadReader
from api.workloads.records import DeletedRecord
from api.workloads.restoring import RESTORABLE_FOR, deleted_workload, restorable_since
from api.workloads.timeline import Details, TimelineKind, TimelineRepository
from api.workloads.volumes import Keeper, claim_of, free_disks, keeper_of, keepers_in

_NO_CLAIM = "There is no such disk."
_DELETE_FIRST = "Delete the app first: a day later it cannot be brought back, and its disks can be deleted."
_GONE_SECONDS = 2.0
_TOLD_SECONDS = 0.5
_ENDED = ("Succeeded", "Failed")
"""Phases of pods that hold no disk any more."""


@dataclass(frozen=True, slots=True)
class VolumeUse:
    """Who has a use for a disk: an app, or one that was deleted and can be brought back; neither: it is left over."""

    workload: Workload | None = None
    deleted: DeletedWorkload | None = None

    @property
    def is_left_over(self) -> bool:
        return self.workload is None and self.deleted is None


class VolumeService:
    """Every method authorizes first, unless it says where that was done."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        reader: WorkloadReader,
        rows: Broadcaster,
        *,
        idempotency: Idempotency,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._reader = reader
        self._rows = rows
        self._idempotency = idempotency
        self._deletions: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Let deletions that are under way come to their end: each is some calls of the cluster, which are bounded."""
        await asyncio.gather(*self._deletions, return_exceptions=True)

    def of_namespace(self, principal: Principal, namespace: Namespace, page: PageRequest) -> Page[VolumeClaim]:
        """Every disk of the namespace that Moorage made, by name."""
        self._namespaces.require(principal, namespace)
        return page_of([claim_of(each) for each in self._cluster.store.claims(namespace.slug)], key=_name, request=page)

    def of_workload(self, workload: Workload, page: PageRequest) -> Page[VolumeClaim]:
        """The app's disks by name: those of former replicas too, and those that it took over, which carry the label of
        whoever left them. The app was authorized where it was read."""
        claims = self._cluster.store.claims(workload.namespace)
        own = [
            claim_of(each)
            for each in claims
            if workload_id(each) == workload.id or is_claim_of(workload.spec, each.metadata.name)
        ]
        return page_of(own, key=_name, request=page)

    async def by_uid(self, principal: Principal, uid: str) -> tuple[Namespace, VolumeClaim]:
        """The disk of that UID, and the namespace it is in."""
        claim = self._cluster.store.claim(uid)
        if claim is None:
            raise NotFound(_NO_CLAIM)
        try:
            namespace = await self._namespaces.get(principal, claim.metadata.namespace or "")
        except NotFound as error:
            raise NotFound(_NO_CLAIM) from error
        return namespace, claim_of(claim)

    async def uses(self, principal: Principal, slug: str, names: Collection[str]) -> Mapping[str, VolumeUse]:
        """Who has a use for the disks of these names in a namespace."""
        namespace = await self._namespaces.get(principal, slug)
        async with self._database.autocommit() as session:
            keepers = await keepers_in(session, namespace.id, deleted_since=restorable_since())
        return {name: self._use(namespace, keeper_of(name, keepers)) for name in names}

    async def delete(
        self, principal: Principal, slug: str, uid: str, confirm_name: str, *, claim: Claim | None = None
    ) -> str:
        """Delete a disk that is left over, with its data; answers its UID. There is no way back.

        It and whoever is about to give it to an app wait for each other. What was begun is done and noted on the
        timeline also where the caller waits no longer; only a process that is lost between the two leaves no note.
        Raises NotThere on path `id` where the namespace has no such disk, InUse where somebody has a use for it, and
        InvalidInput on path `confirm_name` where that is not its name.
        """
        namespace = await self._namespaces.get(principal, slug, Verb.DELETE)
        name = self._name_of(namespace, uid)
        _require_confirmed(confirm_name, name)
        if claim is not None:
            await self._idempotency.link(claim, volume_claim=uid, namespace=namespace.slug, name=name)
        deletion = asyncio.create_task(self._delete(namespace, name, uid, author_id=principal.user_id))
        self._deletions.add(deletion)
        deletion.add_done_callback(self._ended)
        await asyncio.shield(deletion)
        return uid

    async def is_deleted(self, slug: str, name: str, uid: str) -> bool:
        """Whether a deletion that was begun came to its end: one call of the cluster. For who has begun it only."""
        live = await self._cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, slug, name)
        return live is None or live["metadata"]["uid"] != uid or "deletionTimestamp" in live["metadata"]

    async def _delete(self, namespace: Namespace, name: str, uid: str, *, author_id: UUID) -> None:
        async with self._database.patient_session(namespace.id) as session:
            await free_disks(session, namespace.id)
            keepers = await keepers_in(session, namespace.id, deleted_since=restorable_since())
            _require_left_over(name, keeper_of(name, keepers))
            live = await self._live(namespace, name, uid)
            await self._require_unmounted(namespace, name)
            await _note(session, namespace, live, keepers, author_id=author_id)
            await self._remove(namespace, name, uid)
            await self._is_gone_within(_GONE_SECONDS, namespace, uid)  # so that whoever asks next reads of it no more
        self._rows.written(namespace.id)

    async def _remove(self, namespace: Namespace, name: str, uid: str) -> None:
        """Where the answer was lost, the watch may tell that it was done all the same."""
        try:
            await self._cluster.delete(Kind.PERSISTENT_VOLUME_CLAIM, namespace.slug, name, uid=uid)
        except Unavailable:
            if not await self._is_gone_within(_TOLD_SECONDS, namespace, uid):
                raise

    def _ended(self, deletion: asyncio.Task[None]) -> None:
        self._deletions.discard(deletion)
        if not deletion.cancelled():
            deletion.exception()  # told to the caller, if there still is one

    def _use(self, namespace: Namespace, keeper: Keeper | None) -> VolumeUse:
        if keeper is None:
            return VolumeUse()
        if keeper.deleted_at is not None:
            return VolumeUse(deleted=deleted_workload(DeletedRecord(keeper.record, keeper.deleted_at)))
        return VolumeUse(workload=self._reader.workload(namespace, keeper.record))

    def _name_of(self, namespace: Namespace, uid: str) -> str:
        found = self._cluster.store.claim(uid)
        if found is None or found.metadata.namespace != namespace.slug:
            raise _not_there(namespace)
        return found.metadata.name

    async def _live(self, namespace: Namespace, name: str, uid: str) -> Object:
        """The disk as it is, and not another that has its name by now."""
        live = await self._cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, namespace.slug, name)
        if live is None or live["metadata"]["uid"] != uid:
            raise _not_there(namespace)
        return live

    async def _require_unmounted(self, namespace: Namespace, name: str) -> None:
        """InUse where a pod holds the disk, whoever made that: one of a replica that still stops, or of a stranger."""
        pods = await self._cluster.list(Kind.POD, namespace.slug, label_selector="")
        if holder := next((pod for pod in pods if _mounts(pod, name)), None):
            raise InUse(
                f"The pod {holder['metadata']['name']} still has the disk {name}. Try again once that pod has stopped.",
                path=("id",),
            )

    async def _is_gone_within(self, seconds: float, namespace: Namespace, uid: str) -> bool:
        """Whether the watch tells so by then."""
        with self._cluster.store.subscribe(namespace.slug) as changes, suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._cluster.store.claim(uid) is not None:
                    await anext(changes)
        return self._cluster.store.claim(uid) is None


async def _note(
    session: AsyncSession, namespace: Namespace, live: Object, keepers: Sequence[Keeper], *, author_id: UUID
) -> None:
    """On the timeline of the namespace, and of the app that is on record and had the disk once."""
    name = live["metadata"]["name"]
    app = next((each.record for each in keepers if each.deleted_at is None and each.knew(name)), None)
    await TimelineRepository(session).add(
        TimelineKind.VOLUME_DELETED,
        Details(app=app.name if app is not None else None, objects=(deletion(live),)),
        namespace_id=namespace.id,
        workload_id=app.id if app is not None else None,
        author_id=author_id,
    )


def _require_confirmed(typed: str, name: str) -> None:
    if typed != name:
        message = f"This deletes the disk {name} with its data, for good. Give its name to confirm that."
        raise InvalidInput(message, path=("confirm_name",), example=name)


def _require_left_over(name: str, keeper: Keeper | None) -> None:
    if keeper is None:
        return
    app = keeper.record.name
    if keeper.deleted_at is not None:
        until = f"{keeper.deleted_at + RESTORABLE_FOR:%Y-%m-%d %H:%M} UTC"
        message = (
            f"{app} was deleted, and can be brought back with its disk {name} until {until}. Try again after that."
        )
    elif keeper.is_stopped:
        message = f"{app} is stopped, and goes on with its disk {name} once it is started. {_DELETE_FIRST}"
    elif name.endswith("-0"):
        message = f"{app} uses the disk {name}. {_DELETE_FIRST}"
    else:
        fewer = "Deploy it with a lower maximum first" if keeper.is_autoscaled else "Scale the app down first"
        message = f"{app} uses the disk {name}. {fewer}: what its replicas leave can be deleted."
    raise InUse(message, path=("id",))


def _not_there(namespace: Namespace) -> NotThere:
    return NotThere(f"The namespace {namespace.name} has no such disk: it may have been deleted already.", path=("id",))


def _mounts(pod: Object, name: str) -> bool:
    if pod.get("status", {}).get("phase") in _ENDED:
        return False
    volumes = pod["spec"].get("volumes", ())
    return any(each.get("persistentVolumeClaim", {}).get("claimName") == name for each in volumes)


def _name(claim: VolumeClaim) -> Key:
    return (claim.name,)
