"""Which users a list shows, and in which order."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from api.database.pages import Order
from api.users import models
from graphql_schema.enums import Role, UserOrderField
from graphql_schema.orders import ANY, DIRECTION, FILTERED, ORDERED_BY, OrderDirection


@strawberry.input(description="Which users a list shows: those who meet every field.")
class UserFilter:
    text: str | None = strawberry.field(
        default=None, description="A piece of the address or of the name, in whatever case; left out: any."
    )
    role: list[Role] | None = strawberry.field(default=None, description=ANY)


@strawberry.input(description="By what users are sorted.")
class UserOrder:
    field: UserOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=DIRECTION)


Users: TypeAlias = Annotated[UserFilter | None, strawberry.argument(description=FILTERED)]
UsersBy: TypeAlias = Annotated[UserOrder | None, strawberry.argument(description=ORDERED_BY)]


def user_filter(filter: UserFilter | None) -> models.UserFilter:
    """Who is asked for."""
    if filter is None:
        return models.EVERYBODY
    return models.UserFilter(text=filter.text or "", roles=frozenset(filter.role or ()))


def user_order(order: UserOrder | None) -> Order[models.UserOrderField]:
    """What is asked for; by registration where nothing is."""
    return Order(order.field, descending=order.direction is OrderDirection.DESC) if order else models.BY_REGISTRATION
