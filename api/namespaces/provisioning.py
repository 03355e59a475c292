"""A namespace's objects in the cluster: put there by POST, and deleted only where they are ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from api.clusters.cluster import Cluster, Object
from api.clusters.failures import Denied
from api.clusters.objects import NAMESPACE_ID, Kind
from api.clusters.ownership import is_applied, is_ours
from api.errors import ExpectedFailure, NameTaken
from api.manifests.diff import diff
from api.manifests.models import ChangeAction, ObjectDiff
from api.manifests.namespace import build_namespace
from api.namespaces.models import Namespace, NamespaceLimits

GUARDS = (
    Kind.NAMESPACE,
    Kind.RESOURCE_QUOTA,
    Kind.LIMIT_RANGE,
    Kind.NETWORK_POLICY,
    Kind.ROLE,
    Kind.ROLE_BINDING,
)
"""What a namespace is made of, but for its apps."""
COUNTED_SECONDS = 3.0
"""The controller counts a new quota within tenths of a second; one that is slower is not waited for any longer."""


class Provisioner:
    """Creates and deletes what a namespace is made of in the cluster."""

    def __init__(self, cluster: Cluster, limits: NamespaceLimits) -> None:
        self._cluster = cluster
        self._limits = limits

    async def provision(self, namespace: Namespace) -> None:
        """Create the Namespace and everything that guards it, in order; fails at the first that is refused.

        By POST and not by apply, which would take over a foreign object of the same name without a word.
        """
        for manifest in build_namespace(namespace, self._limits):
            try:
                applied = await self._cluster.create(manifest)
            except ExpectedFailure as failure:
                what = f"{manifest['kind']} {manifest['metadata']['name']}"
                failure.message = f"The namespace was not created: its {what} was refused. {failure.message}"
                raise
            if manifest["kind"] == "Namespace":
                seen = applied.object
                await self._cluster.follow_namespace(namespace.slug)
        version = seen["metadata"]["resourceVersion"]
        await self._cluster.wait_until_seen(Kind.NAMESPACE, version, namespace=namespace.slug)
        await self._until_counted(namespace.slug)

    async def repair(self, namespace: Namespace, *, permit: Callable[[], None]) -> AsyncIterator[ObjectDiff]:
        """Bring what guards the namespace back to what it shall be; what of it was missing, or edited, each once it is
        done.

        `permit` is asked before each write. Raises NameTaken where something that we never made has a guard's name.
        """
        for manifest in build_namespace(namespace, self._limits):
            where = manifest["metadata"].get("namespace"), manifest["metadata"]["name"]
            live = await self._cluster.get(Kind.of(manifest), *where)
            if manifest["kind"] == Kind.NAMESPACE.kind and (live is None or "deletionTimestamp" in live["metadata"]):
                return  # whoever deleted it took its disks too: it is not for us to make another
            if live is not None and not is_ours(live):
                raise NameTaken(f"The {manifest['kind']} {where[1]} of {namespace.slug} was not made by Moorage.")
            if live is not None and is_applied(live, manifest):  # an apply may make another generation of the same
                continue
            permit()
            write = self._cluster.create if live is None else self._cluster.apply
            repaired = diff(live, (await write(manifest)).object)
            if repaired.action is not ChangeAction.UNCHANGED:
                yield repaired

    async def _until_counted(self, slug: str) -> None:
        """Wait, bounded, until Kubernetes has counted what the quota limits: before that it refuses every pod."""
        store = self._cluster.store
        with store.subscribe(slug) as changes, suppress(TimeoutError):
            async with asyncio.timeout(COUNTED_SECONDS):
                while not any(quota.status.hard for quota in store.resource_quotas(slug)):
                    await anext(changes)

    async def has_gone(self, namespace: Namespace) -> bool:
        """Whether the cluster, asked, has the Namespace no longer; one that we may not read any more is taken for gone.

        Raises Unavailable where it does not answer.
        """
        try:
            return await self._own(namespace) is None
        except Denied:
            return True

    async def delete(self, namespace: Namespace) -> None:
        """Delete the Namespace with everything in it; done where it is absent, or is not ours after all."""
        live = await self._own(namespace)
        if live is not None:
            await self._cluster.delete(Kind.NAMESPACE, None, namespace.slug, uid=live["metadata"]["uid"])

    async def _own(self, namespace: Namespace) -> Object | None:
        """The Namespace as it is; None where there is none that is ours, by its label or, where somebody took that off,
        by who wrote it."""
        live = await self._cluster.get(Kind.NAMESPACE, None, namespace.slug)
        if live is None:
            return None
        told = (live["metadata"].get("labels") or {}).get(NAMESPACE_ID)
        return live if told == str(namespace.id) or (told is None and is_ours(live)) else None
