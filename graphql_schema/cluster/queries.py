"""Queries about the cluster."""

from __future__ import annotations

import strawberry

from api.authorization.models import Principal
from api.clusters import cluster
from api.clusters.objects import Kind
from graphql_schema.cluster.types import Cluster
from graphql_schema.context import Info
from graphql_schema.enums import ClusterKind


@strawberry.type
class ClusterQueries:
    @strawberry.field(description="The cluster that Moorage runs on. Open to all: the sign-in page tells a demo by it.")
    def cluster(self, info: Info) -> Cluster:
        services = info.context.services
        signed_in = info.context.viewer is not None
        return Cluster(
            kind=services.cluster.kind,
            is_demo=services.cluster.kind is ClusterKind.EMBEDDED,
            version=services.cluster.version if signed_in else None,
            reachable=services.cluster.reachable,
            message=_message(services.cluster, info.context.viewer),
            as_of=services.cluster.store.as_of(Kind.POD),
            metrics_source=services.metrics.source,
        )


def _message(of: cluster.Cluster, viewer: Principal | None) -> str | None:
    if viewer is None or of.message is None:
        return None
    said = f" It says: {of.detail}" if viewer.is_administrator and of.detail else ""
    return of.message + said
