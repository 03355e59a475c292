"""How old it is what is served from the watch cache."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from api.clusters.objects import Kind
from graphql_schema.context import Info
from graphql_schema.sharing import SHARED


def as_of(kind: Kind, what: str) -> Any:
    """A field that says when the cluster last told of this kind; `what` is its plural, for people."""

    def told(info: Info) -> datetime | None:
        return info.context.services.cluster.store.as_of(kind)

    return strawberry.field(
        resolver=told,
        description=f"When the cluster last told of its {what}; null before the first time.",
        metadata=SHARED,
    )
