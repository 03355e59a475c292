"""What exposes an app, before an API server: taken under strict validation and the quota, without a warning.

Nothing is behind it there: no operator, no ingress controller, and no data plane that would enforce a NetworkPolicy.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import QuotaExceeded
from api.manifests.builder import Object, build
from api.manifests.diff import diff
from api.manifests.exposures.profiles import Carrier, ExposureProfile
from api.manifests.models import ChangeAction
from api.manifests.namespace import build_namespace
from tests.api.manifests.exposures.profiles import PROFILES, exposed
from tests.api.waiting import until

SERVED = {name: profile for name, profile in PROFILES.items() if profile.carrier is not Carrier.HTTP_ROUTE}


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    owner_id: UUID


@dataclass(frozen=True)
class Share:
    load_balancers: int
    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 30
    storage: str = "20Gi"


@pytest.fixture(params=[2])
async def slug(request: pytest.FixtureRequest, cluster: Cluster) -> AsyncIterator[str]:
    """A namespace that may have so many load balancers, once its quota is counted."""
    place = Place(uuid4(), f"exposing-{uuid4().hex[:8]}", uuid4())
    for manifest in build_namespace(place, Share(request.param)):
        await cluster.create(manifest)
    await until(
        cluster, place.slug, lambda: any(each.status.hard for each in cluster.store.resource_quotas(place.slug))
    )
    yield place.slug
    await cluster.delete(Kind.NAMESPACE, None, place.slug)


def objects(profile: ExposureProfile, slug: str) -> list[Object]:
    """An app of no pods, exposed: its Deployment is left out."""
    built = build(
        exposed(profile, replicas=0),
        namespace=slug,
        workload_id=uuid4(),
        revision=1,
        template_revision=1,
        secret_values={},
        exposure=profile,
    )
    return built[:-1]


async def test_every_profile_is_taken_without_a_warning_and_stays_as_it_was_built(cluster: Cluster, slug: str) -> None:
    for name, profile in SERVED.items():
        manifests = objects(profile, slug)
        for manifest in manifests:
            assert () == (await cluster.create(manifest)).warnings, f"{name}: {manifest['kind']}"
        for manifest in manifests:
            metadata = manifest["metadata"]
            live = await cluster.get(Kind.of(manifest), slug, metadata["name"])
            assert ChangeAction.UNCHANGED is diff(live, (await cluster.apply(manifest, dry_run=True)).object).action
            await cluster.delete(Kind.of(manifest), slug, metadata["name"])


@pytest.mark.parametrize("slug", [0], indirect=True)
async def test_without_a_profile_of_load_balancers_the_quota_has_room_for_none(cluster: Cluster, slug: str) -> None:
    service = next(each for each in objects(PROFILES["tailscale"], slug) if each["metadata"]["name"] == "web-private")

    with pytest.raises(QuotaExceeded) as refusal:
        await cluster.create(service, dry_run=True)

    assert "services.loadbalancers" == refusal.value.resource
