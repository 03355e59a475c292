"""Users as the rest of Moorage sees them: never with a credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from api.authorization.models import Role
from api.database.pages import Order


@dataclass(frozen=True, slots=True)
class User:
    """One registered developer."""

    id: UUID
    email: str
    display_name: str
    role: Role
    created_at: datetime


class UserOrderField(StrEnum):
    """By what a list of users is sorted."""

    CREATED_AT = "created_at"
    EMAIL = "email"


BY_REGISTRATION = Order(UserOrderField.CREATED_AT)


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What a user has to be to be shown; what is empty asks for nothing. `text` is in the address or the name."""

    text: str = ""
    roles: frozenset[Role] = frozenset()


EVERYBODY = UserFilter()
