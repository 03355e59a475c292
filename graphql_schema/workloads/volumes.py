"""Disks that the cluster has for a stateful service."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.clusters.objects import Kind
from api.workloads import models
from graphql_schema.freshness import as_of
from graphql_schema.nodes import Node, encode_id
from graphql_schema.scalars import BigInt


@strawberry.type(description="The disk of one replica: a PersistentVolumeClaim. It stays when the app is deleted.")
class VolumeClaim(Node):
    name: str = strawberry.field(description="Its name in the cluster.")
    bound: bool = strawberry.field(description="Whether the cluster has found a disk for it.")
    capacity: BigInt | None = strawberry.field(description="The disk's size, in bytes; null: there is none yet.")
    storage_class: str | None = strawberry.field(description="What sort of disk it is, in the cluster's word.")
    as_of: datetime | None = as_of(Kind.PERSISTENT_VOLUME_CLAIM, "disks")

    @classmethod
    def from_model(cls, claim: models.VolumeClaim) -> VolumeClaim:
        return cls(
            id=encode_id("VolumeClaim", claim.uid),
            name=claim.name,
            bound=claim.bound,
            capacity=BigInt(claim.capacity) if claim.capacity is not None else None,
            storage_class=claim.storage_class,
        )
