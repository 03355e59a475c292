"""A developer who rolls out one revision after the other, by whichever replica."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from tests.faults.replicas import Process, send
from tests.faults.streams import WORKLOAD

CALL_SECONDS = 30.0
CREATE_NAMESPACE = """mutation ($name: String!) {
  createNamespace(input: {name: $name}) { namespace { slug } errors { __typename message } }
}"""
PLAN = """mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) { plan { id } errors { __typename message } }
}"""
DEPLOY = """mutation ($plan: ID!) {
  deployWorkload(input: {planId: $plan}) { revision { number state } errors { __typename message } }
}"""
DELETE = """mutation ($slug: String!, $name: String!) {
  deleteWorkload(input: {namespace: $slug, name: $name}) { deletedId errors { __typename message } }
}"""
DELETE_NAMESPACE = """mutation ($slug: String!) {
  deleteNamespace(input: {slug: $slug}) { errors { __typename message } }
}"""
_PAUSE = """mutation ($slug: String!, $paused: Boolean!) {
  updateNamespace(input: {slug: $slug, reconciliationPaused: $paused}) { errors { message } }
}"""
_APP = f"query ($slug: String!, $name: String!) {{ workload(namespace: $slug, name: $name) {{ {WORKLOAD} }} }}"


class Developer:
    """What she does, each time by the replica that is named. What is refused is an error."""

    def __init__(self, session: aiohttp.ClientSession, secret: str) -> None:
        self._session = session
        self.secret = secret
        self.slug = ""

    async def create_namespace(self, replica: Process) -> None:
        self.slug = (await self._send(replica, CREATE_NAMESPACE, name="shop"))["namespace"]["slug"]

    async def delete_namespace(self, replica: Process) -> None:
        await self._send(replica, DELETE_NAMESPACE, slug=self.slug)

    async def deploy(self, replica: Process, name: str, **spec: Any) -> int:
        """Plan and deploy; answers the number of the new revision."""
        workload = {"name": name, "image": "registry.example/web:1", "kind": "WORKER", **spec}
        plan = (await self._send(replica, PLAN, slug=self.slug, workload=workload))["plan"]["id"]
        revision = (await self._send(replica, DEPLOY, plan=plan))["revision"]
        assert "APPLIED" == revision["state"]
        number: int = revision["number"]
        return number

    async def delete(self, replica: Process, name: str) -> None:
        await self._send(replica, DELETE, slug=self.slug, name=name)

    async def leave_alone(self, replica: Process, *, paused: bool) -> None:
        """Have the namespace reconciled, or not: every app of it is told anew."""
        await self._send(replica, _PAUSE, slug=self.slug, paused=paused)

    async def app(self, replica: Process, name: str) -> dict[str, Any]:
        """The app as a query tells it."""
        app: dict[str, Any] = await self._send(replica, _APP, slug=self.slug, name=name)
        return app

    async def _send(self, replica: Process, query: str, **variables: Any) -> Any:
        async with asyncio.timeout(CALL_SECONDS):
            answer = await send(self._session, replica, self.secret, query, **variables)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        assert [] == payload.get("errors", []), payload
        return payload
