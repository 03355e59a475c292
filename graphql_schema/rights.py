"""What the viewer may do, as the services themselves decide it."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graphql_schema.context import Info


@strawberry.type(
    description="What the viewer may do to an object, by their role and by what their credential is for. It speaks of "
    "rights alone: what is allowed may still be refused for the state that the object is in."
)
class ViewerCan:
    write: bool = strawberry.field(
        description="Change it: deploy, scale, roll back, restore and whatever else a mutation does to it, short of "
        "deleting it. Of a user: create what is theirs."
    )
    delete: bool = strawberry.field(description="Delete it, or revoke it.")

    @classmethod
    def on(cls, info: Info, *, owner_id: UUID) -> ViewerCan:
        """What the viewer may do to what a user owns."""
        rights = info.context.services.users.rights(info.context.principal, owner_id=owner_id)
        return cls(write=rights.write, delete=rights.delete)
