"""A namespace on either API server, for what is built."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.manifests.namespace import build_namespace
from tests.api.waiting import until


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    owner_id: UUID


@dataclass(frozen=True)
class Share:
    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 30
    storage: str = "20Gi"
    load_balancers: int = 0


@pytest.fixture
async def slug(cluster: Cluster) -> AsyncIterator[str]:
    """A namespace with all that guards one, once its quota is counted."""
    place = Place(uuid4(), f"manifests-{uuid4().hex[:8]}", uuid4())
    for manifest in build_namespace(place, Share()):
        await cluster.create(manifest)
    await until(
        cluster, place.slug, lambda: any(each.status.hard for each in cluster.store.resource_quotas(place.slug))
    )
    yield place.slug
    await cluster.delete(Kind.NAMESPACE, None, place.slug)
