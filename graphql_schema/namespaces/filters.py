"""Which namespaces a list shows, and in which order."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from api.database.pages import Order
from api.namespaces import models
from graphql_schema.enums import NamespaceOrderField
from graphql_schema.orders import DIRECTION, FILTERED, ORDERED_BY, OrderDirection


@strawberry.input(description="Which namespaces a list shows.")
class NamespaceFilter:
    text: str | None = strawberry.field(
        default=None, description="A piece of its name or slug, in whatever case; left out: any."
    )


@strawberry.input(description="By what namespaces are sorted.")
class NamespaceOrder:
    field: NamespaceOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=DIRECTION)


Namespaces: TypeAlias = Annotated[NamespaceFilter | None, strawberry.argument(description=FILTERED)]
NamespacesBy: TypeAlias = Annotated[NamespaceOrder | None, strawberry.argument(description=ORDERED_BY)]


def namespace_filter(filter: NamespaceFilter | None) -> models.NamespaceFilter:
    """What is asked for."""
    return models.NamespaceFilter(text=(filter.text if filter is not None else None) or "")


def namespace_order(order: NamespaceOrder | None) -> Order[models.NamespaceOrderField]:
    """What is asked for; by name where nothing is."""
    return Order(order.field, descending=order.direction is OrderDirection.DESC) if order else models.BY_NAME
