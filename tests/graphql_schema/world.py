"""A developer with one of everything, for tests that need something to read."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from api.authorization.models import Principal
from api.workloads.models import WorkloadPhase
from tests.graphql_schema.conftest import Graph

IMAGE = "registry.example/adas-image:1.0"


@dataclass(frozen=True, slots=True)
class World:
    """Ids and names of what Ada has."""

    ada: Principal
    user_id: str
    namespace_id: str
    slug: str
    workload_id: str
    app: str
    revision_id: str
    pod_id: str
    event_id: str
    token_id: str
    run_id: str
    claim_id: str
    plan_id: str
    """A plan that is not deployed."""
    entry_id: str
    """What the timeline says of the app."""
    deleted_id: str
    """An app that was deleted."""
    webhook_id: str
    delivery_id: str
    """A trial of that webhook, which nobody delivers."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What nobody else may ever be shown."""
        return (
            self.ada.email,
            "adas-",
            self.slug,
            str(self.ada.user_id),
            self.user_id,
            self.namespace_id,
            self.workload_id,
            self.revision_id,
            self.pod_id,
            self.event_id,
            self.token_id,
            self.run_id,
            self.claim_id,
            self.plan_id,
            self.entry_id,
            self.deleted_id,
            self.webhook_id,
            self.delivery_id,
        )


async def settle(graph: Graph, ada: Principal, slug: str, app: str = "adas-app") -> World:
    """Give Ada an app that runs, a token, and a plan beside it; a job, and a service with a disk."""
    plan_id = await planned(graph, ada, slug, app)
    deployed = (await graph.data(DEPLOY, ada, plan=plan_id))["deployWorkload"]
    await ready(graph, ada, slug, app)
    for kind, rest in (("JOB", {}), ("STATEFUL_SERVICE", {"volumes": [VOLUME]})):
        workload = {"name": f"adas-{kind[:3].lower()}", "image": IMAGE, "kind": kind, **rest}
        plan = (await graph.data(PLAN_ANY, ada, slug=slug, workload=workload))["planWorkload"]["plan"]
        await graph.data(DEPLOY, ada, plan=plan["id"])
    await ready(graph, ada, slug, "adas-sta")
    run = (await graph.data(RUN, ada, slug=slug))["runWorkload"]["run"]
    claims = (await graph.data(CLAIMS, ada, slug=slug))["workload"]["volumeClaims"]["edges"]
    token = await graph.data(TOKEN, ada)
    deleted_id = await deleted(graph, ada, slug)
    webhook_id, delivery_id = await tried(graph, ada, slug)
    found = (await graph.data(EVERYTHING, ada, slug=slug, app=app))["workload"]
    return World(
        ada=ada,
        user_id=found["namespace"]["owner"]["id"],
        namespace_id=found["namespace"]["id"],
        slug=slug,
        workload_id=found["id"],
        app=app,
        revision_id=deployed["revision"]["id"],
        pod_id=found["pods"]["edges"][0]["node"]["id"],
        event_id=found["events"]["edges"][0]["node"]["id"],
        token_id=token["createApiToken"]["apiToken"]["id"],
        run_id=run["id"],
        claim_id=claims[0]["node"]["id"],
        plan_id=await planned(graph, ada, slug, "adas-next-app"),
        entry_id=found["timeline"]["edges"][0]["node"]["id"],
        deleted_id=deleted_id,
        webhook_id=webhook_id,
        delivery_id=delivery_id,
    )


async def deleted(graph: Graph, viewer: Principal, slug: str) -> str:
    """The id of an app that was deployed, and deleted again."""
    plan_id = await planned(graph, viewer, slug, "adas-deleted", replicas=0)
    await graph.data(DEPLOY, viewer, plan=plan_id)
    payload = (await graph.data(DELETE, viewer, slug=slug))["deleteWorkload"]
    deleted_id: str = payload["deletedId"]
    return deleted_id


async def tried(graph: Graph, viewer: Principal, slug: str) -> tuple[str, str]:
    """The ids of a webhook, and of a trial of it."""
    made = (await graph.data(WEBHOOK, viewer, slug=slug))["createWebhook"]
    assert [] == made["errors"]
    webhook_id: str = made["webhook"]["id"]
    delivery_id: str = (await graph.data(PING, viewer, id=webhook_id))["pingWebhook"]["delivery"]["id"]
    return webhook_id, delivery_id


async def namespaced(graph: Graph, viewer: Principal, name: str) -> str:
    """The slug of a new namespace."""
    payload = (await graph.data(NAMESPACE, viewer, name=name))["createNamespace"]
    assert [] == payload["errors"]
    slug: str = payload["namespace"]["slug"]
    return slug


async def planned(graph: Graph, viewer: Principal, slug: str, app: str, replicas: int = 2) -> str:
    """The id of a plan for an app."""
    variables = {"slug": slug, "app": app, "image": IMAGE, "replicas": replicas}
    payload = (await graph.data(PLAN, viewer, **variables))["planWorkload"]
    assert [] == payload["errors"]
    plan_id: str = payload["plan"]["id"]
    return plan_id


async def ready(graph: Graph, viewer: Principal, slug: str, app: str) -> None:
    """Wait until the cluster calls the app ready."""
    async with asyncio.timeout(30), aclosing(graph.services.workloads.watch(viewer, slug, app)) as updates:
        async for update in updates:
            if update.workload is not None and update.workload.status.phase is WorkloadPhase.READY:
                return


NAMESPACE = """
mutation ($name: String!) {
  createNamespace(input: {name: $name}) { namespace { id slug } errors { __typename message path } }
}
"""
PLAN = """
mutation ($slug: String!, $app: String!, $image: String!, $replicas: Int!) {
  planWorkload(input: {namespace: $slug, workload: {
    name: $app, image: $image, port: 8080, replicas: $replicas, runAsUser: 1000,
    environment: [{name: "GREETING", value: "adas-value"}], secrets: [{name: "PASSWORD", value: "adas-secret"}]
  }}) { plan { id } errors { __typename message path } }
}
"""
VOLUME = {"name": "data", "path": "/data", "sizeGib": 1}
PLAN_ANY = """
mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) { plan { id } errors { __typename message path } }
}
"""
RUN = """
mutation ($slug: String!) { runWorkload(input: {namespace: $slug, name: "adas-job"}) { run { id } } }
"""
CLAIMS = """
query ($slug: String!) {
  workload(namespace: $slug, name: "adas-sta") { volumeClaims(first: 1) { edges { node { id } } } }
}
"""
DEPLOY = """
mutation ($plan: ID!) {
  deployWorkload(input: {planId: $plan, message: "adas-first"}) {
    workload { id } revision { id number } errors { __typename message path }
  }
}
"""
DELETE = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "adas-deleted"}) { deletedId } }
"""
WEBHOOK = """
mutation ($slug: String!) {
  createWebhook(input: {
    namespace: $slug, url: "https://hooks.example/adas-hook", query: "{ viewer { id } }", events: [DEPLOYMENT_FINISHED]
  }) { webhook { id } secret errors { __typename message path } }
}
"""
PING = "mutation ($id: ID!) { pingWebhook(input: {id: $id}) { delivery { id } errors { __typename message } } }"
TOKEN = """
mutation { createApiToken(input: {name: "adas-token", scopes: [READ, WRITE]}) { apiToken { id } secret } }
"""
EVERYTHING = """
query ($slug: String!, $app: String!) {
  workload(namespace: $slug, name: $app) {
    id
    namespace { id owner { id } }
    pods(first: 1) { edges { node { id } } }
    events(first: 1) { edges { node { id } } }
    timeline(first: 1) { edges { node { id } } }
  }
}
"""
