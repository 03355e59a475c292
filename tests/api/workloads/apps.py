"""What a developer does with an app, in few words."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from api.authorization.models import Principal
from api.database.pages import PageRequest
from api.manifests.models import SecretVariable, WorkloadSpec
from api.namespaces.models import Namespace
from api.workloads.models import Pod, Revision, Workload, WorkloadPhase
from api.workloads.service import WorkloadService

PATIENCE = 30.0
WEB = WorkloadSpec(name="web", image="registry.example/web:1", port=8080, replicas=3)
CANARY = "canary-5b0f2c9e"
SECRETIVE = replace(WEB, replicas=1, secrets=(SecretVariable("TOKEN", CANARY),))


class Apps:
    """One developer at work in one namespace."""

    def __init__(self, workloads: WorkloadService, principal: Principal, namespace: Namespace) -> None:
        self.workloads = workloads
        self.principal = principal
        self.namespace = namespace

    async def deploy(self, spec: WorkloadSpec = WEB) -> tuple[Workload, Revision]:
        """Plan and deploy at once."""
        plan = await self.workloads.plan(self.principal, self.namespace.slug, spec)
        return await self.workloads.deploy(self.principal, plan.id, None)

    async def deploy_until_ready(self, spec: WorkloadSpec = WEB) -> Workload:
        await self.deploy(spec)
        return await self.reach(spec.name, WorkloadPhase.READY)

    async def reach(self, name: str, phase: WorkloadPhase, *, revision: int | None = None) -> Workload:
        """The app once its stream says that it is in `phase` (of `revision`)."""
        async with asyncio.timeout(PATIENCE):
            async for update in self.workloads.watch(self.principal, self.namespace.slug, name):
                found = update.workload
                if found and found.status.phase is phase and revision in (None, found.rollout.revision):
                    return found
        raise AssertionError(f"the stream of {name} ended before {phase}")

    async def get(self, name: str = "web") -> Workload:
        return await self.workloads.get(self.principal, self.namespace.slug, name)

    async def pods(self, name: str = "web") -> list[Pod]:
        return list(self.workloads.pods_of(await self.get(name), PageRequest(first=100)).items)

    async def revisions(self, name: str = "web") -> list[Revision]:
        page = await self.workloads.revisions(self.principal, self.namespace.slug, name, PageRequest(first=100))
        return list(page.items)


def service_of_somebody_else(slug: str) -> dict[str, Any]:
    """A Service that has the name of `WEB` and was not made by us."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": WEB.name, "namespace": slug},
        "spec": {"ports": [{"port": 1}]},
    }
