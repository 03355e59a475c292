"""The services that resolvers ask; `api.app` opens them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.authentication.service import AuthenticationService
    from api.clusters.cluster import Cluster
    from api.metrics.service import MetricsService
    from api.namespaces.service import NamespaceService
    from api.users.service import UserService
    from api.webhooks.service import WebhookService
    from api.workloads.following import Following
    from api.workloads.service import WorkloadService


@dataclass(frozen=True, slots=True)
class Services:
    """One front door a domain. Each takes the principal first and authorizes on its first line."""

    authentication: AuthenticationService
    users: UserService
    namespaces: NamespaceService
    workloads: WorkloadService
    metrics: MetricsService
    following: Following
    cluster: Cluster
    webhooks: WebhookService
