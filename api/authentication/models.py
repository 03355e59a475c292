"""What signing in gives: a session for a browser, tokens for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from api.authorization.models import Scope
from api.users.models import User


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; its secret is known here and in the browser's cookie only."""

    user: User
    session_secret: str = field(repr=False)
    csrf_token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A credential for programs; `prefix` is the beginning of its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
