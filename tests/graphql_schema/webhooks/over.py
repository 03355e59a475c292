"""The service of webhooks over the parts of a test."""

from __future__ import annotations

from api.app import services_of
from api.database.database import Database
from api.database.encryption import Encryption
from api.namespaces.service import NamespaceService
from api.parts import Parts
from api.webhooks.opening import Reach
from api.webhooks.service import WebhookService
from api.workloads.service import WorkloadService
from graphql_schema.execution import Executor
from graphql_schema.services import Services
from graphql_schema.webhooks.documents import WebhookDocuments


def webhooks_over(
    executor: Executor,
    database: Database,
    *,
    namespaces: NamespaceService,
    workloads: WorkloadService,
    encryption: Encryption,
    reach: Reach | None = None,
) -> WebhookService:
    """Webhooks whose queries are checked by that executor; `reach` is the public internet where none is given."""
    return WebhookService(
        database,
        namespaces,
        workloads,
        encryption,
        documents=WebhookDocuments(executor),
        targets=(reach or Reach()).targets,
    )


def services_over(executor: Executor, parts: Parts) -> Services:
    """What resolvers use, over parts that are open; as the application has it, but for the work on deliveries."""
    webhooks = webhooks_over(
        executor,
        parts.database,
        namespaces=parts.namespaces,
        workloads=parts.workloads,
        encryption=parts.encryption,
    )
    return services_of(parts, webhooks)
