"""What webhooks need of GraphQL: `api.app` hands it in, as the graph lies above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from api.authorization.models import Principal
from api.webhooks.models import Delivery, Webhook


class Documents(Protocol):
    """Checks the query of a webhook when that is made."""

    def check(self, query: str, variables: Mapping[str, Any]) -> None:
        """Raises InvalidInputs, on paths `query` and `variables`, unless it is one query, within the limits of the
        graph, and what its variables need is there."""


class Payloads(Protocol):
    """Makes what is sent."""

    async def of(self, principal: Principal, webhook: Webhook, delivery: Delivery, *, slug: str) -> bytes:
        """The JSON text of a delivery: the event, and the query's result as the principal sees it at this moment."""
