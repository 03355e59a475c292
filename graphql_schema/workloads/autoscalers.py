"""What the cluster's autoscaler of an app does."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.workloads import models
from graphql_schema.enums import AutoscalerState
from graphql_schema.workloads.status import Condition


@strawberry.type(description="What the autoscaler of an app does; percentages are averages over its pods.")
class Autoscaler:
    state: AutoscalerState = strawberry.field(description="What keeps the number of pods where it is.")
    message: str = strawberry.field(description="How it goes, in a sentence for its developer.")
    current_replicas: int = strawberry.field(description="How many pods there were when it last looked.")
    desired_replicas: int = strawberry.field(description="How many pods it then asked for.")
    cpu_percent: int | None = strawberry.field(
        description="The CPU that the pods use, in percent of what they request; null: it could not be read."
    )
    memory_percent: int | None = strawberry.field(
        description="The memory that they use, in percent of what they request; null: it could not be read, or has no "
        "say."
    )
    last_scaled_at: datetime | None = strawberry.field(description="When it last changed their number; null: never.")
    model: strawberry.Private[models.Autoscaler]

    @classmethod
    def from_model(cls, autoscaler: models.Autoscaler) -> Autoscaler:
        return cls(
            state=autoscaler.state,
            message=autoscaler.message,
            current_replicas=autoscaler.current_replicas,
            desired_replicas=autoscaler.desired_replicas,
            cpu_percent=autoscaler.cpu_percent,
            memory_percent=autoscaler.memory_percent,
            last_scaled_at=autoscaler.last_scaled_at,
            model=autoscaler,
        )

    @strawberry.field(description="Its conditions, as Kubernetes writes them.")
    def conditions(self) -> list[Condition]:
        return [Condition.from_model(condition) for condition in self.model.conditions]
