"""Disks that the cluster has for stateful services, and who has a use for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from api.clusters.objects import Kind
from api.workloads import models
from api.workloads.volume_service import VolumeUse
from graphql_schema.context import Info
from graphql_schema.enums import VolumeClaimPhase
from graphql_schema.freshness import as_of
from graphql_schema.lazy import LazyWorkload
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.scalars import Bytes
from graphql_schema.sharing import PER_VIEWER
from graphql_schema.workloads.timeline import DeletedWorkload


@strawberry.type(description="The disk of one replica: a PersistentVolumeClaim. It stays when the app is deleted.")
class VolumeClaim(Node):
    name: str = strawberry.field(description="Its name in the cluster.")
    phase: VolumeClaimPhase = strawberry.field(description="How far it is.")
    bound: bool = strawberry.field(description="Whether the cluster has found a disk for it.")
    capacity: Bytes | None = strawberry.field(description="The disk's size; null: there is none yet.")
    storage_class: str | None = strawberry.field(description="What sort of disk it is, in the cluster's word.")
    created_at: datetime = strawberry.field(description="When it was made.")
    as_of: datetime | None = as_of(Kind.PERSISTENT_VOLUME_CLAIM, "disks")
    model: strawberry.Private[models.VolumeClaim]
    owner_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, claim: models.VolumeClaim, *, owner_id: UUID) -> VolumeClaim:
        """The type of `claim`, which is in a namespace of `owner_id`'s."""
        return cls(
            id=encode_id("VolumeClaim", claim.uid),
            name=claim.name,
            phase=claim.phase,
            bound=claim.bound,
            capacity=Bytes(claim.capacity) if claim.capacity is not None else None,
            storage_class=claim.storage_class,
            created_at=claim.created_at,
            model=claim,
            owner_id=owner_id,
        )

    @strawberry.field(
        description="What the viewer may do to it; to a disk that somebody has a use for as well.", metadata=PER_VIEWER
    )
    def viewer_can(self, info: Info) -> ViewerCan:
        return ViewerCan.on(info, owner_id=self.owner_id)

    @strawberry.field(
        description="The app that has a use for it: one of its replicas has it, or gets it once the app is started; "
        "null: no app that there is."
    )
    async def workload(self, info: Info) -> LazyWorkload | None:
        from graphql_schema.workloads import types as workload_types  # noqa: PLC0415 - which has disks

        workload = (await self._use(info)).workload
        return workload_types.Workload.from_model(workload) if workload is not None else None

    @strawberry.field(description="The app that was deleted, and would get it when it is brought back; null: none.")
    async def deleted_workload(self, info: Info) -> DeletedWorkload | None:
        deleted = (await self._use(info)).deleted
        return DeletedWorkload.from_model(deleted, owner_id=self.owner_id) if deleted is not None else None

    @strawberry.field(
        description="Whether nobody has a use for it: it takes of the namespace's quota, and can be deleted with "
        "`deleteVolumeClaim`."
    )
    async def left_over(self, info: Info) -> bool | None:
        return (await self._use(info)).is_left_over

    async def _use(self, info: Info) -> VolumeUse:
        return await info.context.loaders.volume_uses_by_claim.load((self.model.namespace, self.name))
