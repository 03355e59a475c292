"""The cluster that Moorage runs on."""

from __future__ import annotations

from datetime import datetime

import strawberry

from graphql_schema.enums import ClusterKind, MetricsSource


@strawberry.type(description="The cluster that Moorage runs on.")
class Cluster:
    kind: ClusterKind = strawberry.field(description="What sort of cluster it is.")
    is_demo: bool = strawberry.field(description="Whether it only plays a cluster: no container runs on it.")
    version: str | None = strawberry.field(
        description="Its Kubernetes version; null where it is not known, and to those who are not signed in."
    )
    reachable: bool = strawberry.field(description="Whether it answers.")
    message: str | None = strawberry.field(
        description="What is wrong with it, to administrators in its own words too; null where nothing is, and to "
        "those who are not signed in."
    )
    as_of: datetime | None = strawberry.field(description="When it last told of anything.")
    metrics_source: MetricsSource = strawberry.field(description="Where metrics are read from.")
