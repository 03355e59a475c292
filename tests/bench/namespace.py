"""A namespace full of apps, and its page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

APPS = 50
PODS_EACH = 3
ROOM = {"namespace_cpu": "100", "namespace_memory": "200Gi", "namespace_pods": 400}
"""Settings that give the apps room."""

PAGE = """query Page($slug: String!) {
  namespace(slug: $slug) {
    workloads(first: 50) { edges { node {
      name
      spec { image size }
      status { phase readyReplicas desiredReplicas }
      rollout { revision cells { podName revision isCurrent state } }
    } } }
  }
}"""
_CREATE = 'mutation { createNamespace(input: {name: "shop"}) { namespace { slug } errors { message } } }'
_PLAN = """mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) { plan { id } errors { message } }
}"""
_DEPLOY = "mutation ($plan: ID!) { deployWorkload(input: {planId: $plan}) { workload { id } errors { message } } }"

Data = Callable[..., Awaitable[Mapping[str, Any]]]
"""Executes an operation with its variables by name; gives its `data`."""


async def filled_namespace(data: Data) -> str:
    """The slug of a new one, with every app deployed."""
    created = await data(_CREATE)
    slug: str = created["createNamespace"]["namespace"]["slug"]
    for number in range(APPS):
        planned = (await data(_PLAN, slug=slug, workload=app(f"app-{number}")))["planWorkload"]
        assert [] == planned["errors"]
        deployed = (await data(_DEPLOY, plan=planned["plan"]["id"]))["deployWorkload"]
        assert [] == deployed["errors"]
    return slug


def app(name: str) -> dict[str, Any]:
    """A web service as most are: some settings, and a secret or two."""
    settings = {
        "LOG_LEVEL": "info",
        "PUBLIC_URL": f"https://{name}.example.com",
        "CACHE_URL": f"redis://{name}-cache:6379/0",
        "SMTP_HOST": "mail.example.com",
        "FEATURE_FLAGS": "checkout-v2,search-suggestions",
        "WORKERS": "4",
    }
    return {
        "name": name,
        "image": "ghcr.io/ada/engine:1.4",
        "port": 8080,
        "replicas": PODS_EACH,
        "environment": [{"name": key, "value": value} for key, value in settings.items()],
        "secrets": [{"name": key, "value": f"{name}-of-ada"} for key in ("DATABASE_URL", "SESSION_KEY")],
    }


def count_leaves(value: Any) -> int:
    """Fields with a value of their own in an answer."""
    match value:
        case dict():
            return sum(map(count_leaves, value.values()))
        case list():
            return sum(map(count_leaves, value))
        case _:
            return 1
