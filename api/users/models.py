"""Users as the rest of Moorage sees them: never with a credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.authorization.models import Role


@dataclass(frozen=True, slots=True)
class User:
    """One registered developer."""

    id: UUID
    email: str
    display_name: str
    role: Role
    created_at: datetime
