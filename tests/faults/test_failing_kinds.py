"""A deploy that fails at write k of n, for every k, of every kind of app: undone, and nothing of it left.

SECURITY 33. All kinds fail side by side, each in a namespace of its own developer.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import Any

import pytest

from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID
from api.database.database import Database
from api.database.encryption import Encryption
from api.errors import NotFound, Unavailable
from api.manifests.models import (
    EnvironmentVariable,
    Schedule,
    SecretVariable,
    Volume,
    WorkloadKind,
    WorkloadSpec,
)
from api.namespaces.service import NamespaceService
from api.workloads.applying import MANAGED
from api.workloads.models import RevisionState
from api.workloads.service import WorkloadService
from tests.api.people import SignedIn, SignUp
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import PATIENT, only_embedded
from tests.api.workloads.apps import Apps
from tests.faults.figures import Figures

pytestmark = only_embedded

LATE_LIMIT = 4.0
"""Seconds of a call where some are answered too late: enough for those that are not."""
FAULTS = [Fault.REFUSED, Fault.CUT, Fault.ANSWER_LOST, Fault.LATE]
_APP = WorkloadSpec(
    name="app", image="registry.example/app:1", replicas=2, secrets=(SecretVariable("TOKEN", "canary-1"),)
)
SPECS = {
    WorkloadKind.WEB_SERVICE: replace(_APP, port=8080),
    WorkloadKind.WORKER: replace(_APP, kind=WorkloadKind.WORKER),
    WorkloadKind.STATEFUL_SERVICE: replace(
        _APP, kind=WorkloadKind.STATEFUL_SERVICE, port=8080, volumes=(Volume("data", "/data", 1),)
    ),
    WorkloadKind.JOB: replace(_APP, kind=WorkloadKind.JOB, replicas=1),
    WorkloadKind.SCHEDULED_JOB: replace(
        _APP, kind=WorkloadKind.SCHEDULED_JOB, replicas=1, schedule=Schedule("0 3 * * *")
    ),
}


@pytest.fixture
def call_seconds(fault: Fault) -> float:
    """Five deploys at once may take long where the machine is busy, and none but the chosen write shall fail."""
    return LATE_LIMIT if fault is Fault.LATE else PATIENT


class Breaker:
    """Lets a fault happen to the k-th write in one namespace, and to the same write however often it is tried."""

    def __init__(self, namespace: str, number: int) -> None:
        self._place = f"/namespaces/{namespace}/"
        self._left = number
        self._broken: tuple[str, str] | None = None
        self._healed = False

    @property
    def hit(self) -> bool:
        return self._broken is not None

    def heal(self) -> None:
        self._healed = True

    def __call__(self, request: Seen) -> bool:
        if self._healed or not request.is_write or self._place not in request.path:
            return False
        if self._broken is None:
            self._left -= 1
            if self._left == 0:
                self._broken = request.method, request.path
        return self._broken == (request.method, request.path)


@pytest.mark.parametrize("fault", FAULTS)
async def test_nothing_is_left_of_a_deploy_that_fails_at_any_write(
    *,
    database: Database,
    namespaces: NamespaceService,
    signed_in: SignedIn,
    cluster: Cluster,
    proxy: FaultyProxy,
    sign_up: SignUp,
    figures: Figures,
    fault: Fault,
) -> None:
    async def developer(kind: WorkloadKind) -> Failing:
        principal = await sign_up(kind.value)
        workloads = WorkloadService(database, cluster, namespaces, Encryption(os.urandom(32)), vigils=Vigils(signed_in))
        return Failing(Apps(workloads, principal, await namespaces.create(principal, "shop")), cluster, proxy, fault)

    everybody = [await developer(kind) for kind in SPECS]
    created = await asyncio.gather(
        *(each.creations(spec) for each, spec in zip(everybody, SPECS.values(), strict=True))
    )
    changed = await asyncio.gather(*(each.changes(spec) for each, spec in zip(everybody, SPECS.values(), strict=True)))

    assert all(count >= 4 for count in created)
    assert all(count >= 2 for count in changed)
    figures.note(
        33,
        f"a write of a deploy: {fault.value}",
        f"{sum(created) + sum(changed)} writes of {len(SPECS)} kinds, each failed once: all undone, orphans 0",
    )


class Failing:
    """One developer whose deploys fail at each write in turn."""

    def __init__(self, apps: Apps, cluster: Cluster, proxy: FaultyProxy, fault: Fault) -> None:
        self._apps = apps
        self._cluster = cluster
        self._proxy = proxy
        self._fault = fault

    async def creations(self, spec: WorkloadSpec) -> int:
        """Fail a first deploy at each of its writes, and then let it through; how many there are."""
        count = 0
        while await self._fails(spec, at=count + 1):
            count += 1
            assert {} == await self._objects()
            with pytest.raises(NotFound):
                await self._apps.get(spec.name)
        return count

    async def changes(self, spec: WorkloadSpec) -> int:
        """The same for the second revision."""
        changed = replace(
            spec,
            image="registry.example/app:2",
            environment=(EnvironmentVariable("NEW", "1"),),
            secrets=(SecretVariable("TOKEN", "canary-2"),),
        )
        before, count = await self._objects(), 0
        while await self._fails(changed, at=count + 1):
            count += 1
            assert before == await self._objects()
            assert spec.image == (await self._apps.get(spec.name)).spec.image
            states = [each.state for each in await self._apps.revisions(spec.name)]
            assert [*[RevisionState.FAILED] * count, RevisionState.APPLIED] == states
        return count

    async def _fails(self, spec: WorkloadSpec, *, at: int) -> bool:
        """Whether a deploy has a write of that number; then it failed there, and was undone once that passed."""
        breaker = Breaker(self._apps.namespace.slug, at)
        plan = await self._apps.workloads.plan(self._apps.principal, self._apps.namespace.slug, spec)
        self._proxy.fail_when(breaker, self._fault)
        try:
            await self._apps.workloads.deploy(self._apps.principal, plan.id, None)
        except Unavailable:
            assert breaker.hit
        assert (not breaker.hit) == (RevisionState.APPLIED is await self._state(spec))
        breaker.heal()
        await self._apps.workloads.settled()
        return breaker.hit

    async def _state(self, spec: WorkloadSpec) -> RevisionState | None:
        """That of the latest revision; None where there is none."""
        try:
            revisions = await self._apps.revisions(spec.name)
        except NotFound:
            return None
        return revisions[0].state if revisions else None

    async def _objects(self) -> dict[str, Any]:
        """What the cluster has of the app, but for its claims and what a schedule or a person makes of it."""
        slug = self._apps.namespace.slug
        served = filter(self._cluster.serves, MANAGED)
        live = [each for kind in served for each in await self._cluster.list(kind, slug, label_selector=WORKLOAD_ID)]
        return {f"{each['kind']}/{each['metadata']['name']}": each.get("data") or each["spec"] for each in live}
