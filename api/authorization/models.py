"""Who is asking: the principal that every service takes as its first argument."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a user is for the whole installation."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"


class Scope(StrEnum):
    """What a credential may be used for; never more than its owner's own rights."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in user, and what the credential that was shown may do."""

    user_id: UUID
    email: str
    role: Role
    scopes: frozenset[Scope]
    session_id: UUID | None = None
    token_id: UUID | None = None

    @property
    def is_administrator(self) -> bool:
        """Whether this principal may act for the installation: the role, and a credential that carries it."""
        return self.role is Role.ADMINISTRATOR and Scope.ADMIN in self.scopes
