"""What would change, or has changed, in fields and in objects of the cluster."""

from __future__ import annotations

import strawberry

from api.manifests import models
from graphql_schema.enums import ChangeAction
from graphql_schema.errors import spec_path


@strawberry.type(description="One field that differs. Secret values are never in it.")
class FieldChange:
    path: str = strawberry.field(description="The field, as in `spec.replicas`.")
    action: ChangeAction = strawberry.field(description="What happens to it.")
    before: str | None = strawberry.field(description="The old value as JSON text; null: absent.")
    after: str | None = strawberry.field(description="The new value as JSON text; null: absent.")

    @classmethod
    def from_model(cls, change: models.FieldChange) -> FieldChange:
        return cls(path=change.path, action=change.action, before=change.before, after=change.after)

    @classmethod
    def from_spec(cls, change: models.FieldChange) -> FieldChange:
        """A change of a spec: its field in GraphQL's spelling, as in WorkloadInput; a variable's name as it is."""
        return cls(path=spec_path(change.path), action=change.action, before=change.before, after=change.after)


@strawberry.type(description="What a plan would do to one object of the cluster.")
class ObjectDiff:
    kind: str = strawberry.field(description="The object's kind.")
    name: str = strawberry.field(description="The object's name.")
    action: ChangeAction = strawberry.field(description="What would happen to it.")
    changes: list[FieldChange] = strawberry.field(description="The fields that differ.")

    @classmethod
    def from_model(cls, diff: models.ObjectDiff) -> ObjectDiff:
        changes = [FieldChange.from_model(change) for change in diff.changes]
        return cls(kind=diff.kind, name=diff.name, action=diff.action, changes=changes)
