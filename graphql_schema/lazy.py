"""Types by reference: users have namespaces, which have workloads, which have a namespace, which has an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from graphql_schema.namespaces.types import Namespace
    from graphql_schema.users.types import User
    from graphql_schema.webhooks.types import Webhook
    from graphql_schema.workloads.types import Workload

LazyUser: TypeAlias = Annotated["User", strawberry.lazy("graphql_schema.users.types")]
LazyNamespace: TypeAlias = Annotated["Namespace", strawberry.lazy("graphql_schema.namespaces.types")]
LazyWorkload: TypeAlias = Annotated["Workload", strawberry.lazy("graphql_schema.workloads.types")]
LazyWebhook: TypeAlias = Annotated["Webhook", strawberry.lazy("graphql_schema.webhooks.types")]
