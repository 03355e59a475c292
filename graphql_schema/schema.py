"""Merges the domains into one schema."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_schema.cluster.queries import ClusterQueries
from graphql_schema.errors import USER_ERROR_TYPES
from graphql_schema.logs.subscriptions import LogSubscriptions
from graphql_schema.metrics.subscriptions import MetricsSubscriptions
from graphql_schema.namespaces.mutations import NamespaceMutations
from graphql_schema.namespaces.queries import NamespaceQueries
from graphql_schema.namespaces.subscriptions import NamespaceSubscriptions
from graphql_schema.node_queries import NodeQueries
from graphql_schema.rate_limit_queries import RateLimitQueries
from graphql_schema.scalars import scalar_map
from graphql_schema.users.mutations import UserMutations
from graphql_schema.users.queries import UserQueries
from graphql_schema.webhooks.mutations import WebhookMutations
from graphql_schema.workloads.mutations import WorkloadMutations
from graphql_schema.workloads.queries import WorkloadQueries
from graphql_schema.workloads.subscriptions import WorkloadSubscriptions
from graphql_schema.workloads.timeline_subscription import TimelineSubscriptions


@strawberry.type(description="What can be read.")
class Query(UserQueries, NodeQueries, NamespaceQueries, WorkloadQueries, ClusterQueries, RateLimitQueries):
    pass


@strawberry.type(description="What can be done. Expected failures are in the payload's `errors`.")
class Mutation(NamespaceMutations, WorkloadMutations, UserMutations, WebhookMutations):
    pass


@strawberry.type(
    description="What can be followed: over the WebSocket protocol graphql-transport-ws, or as Server-Sent Events "
    "(a POST that accepts text/event-stream)."
)
class Subscription(
    WorkloadSubscriptions, NamespaceSubscriptions, LogSubscriptions, MetricsSubscriptions, TimelineSubscriptions
):
    pass


def build_schema() -> strawberry.Schema:
    """The schema. Building it takes a moment: build it once for an app."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=USER_ERROR_TYPES,
        config=StrawberryConfig(scalar_map=scalar_map()),
    )


def print_sdl(schema: strawberry.Schema) -> str:
    """The schema in the schema definition language, as it is committed."""
    return schema.as_str().rstrip() + "\n"
