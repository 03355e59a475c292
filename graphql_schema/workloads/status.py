"""What the cluster says of an app, and how far its rollout is."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.workloads import models
from graphql_schema.enums import PodState, StepState, WorkloadPhase


@strawberry.type(description="A condition of a Deployment, or of an autoscaler, as Kubernetes writes it.")
class Condition:
    type: str = strawberry.field(description="The condition, as in `Available`.")
    status: str = strawberry.field(description="`True`, `False` or `Unknown`.")
    reason: str = strawberry.field(description="Why, in one word.")
    message: str = strawberry.field(description="Why, in a sentence.")
    last_transition: datetime | None = strawberry.field(description="When the status last changed.")

    @classmethod
    def from_model(cls, condition: models.Condition) -> Condition:
        return cls(
            type=condition.type,
            status=condition.status,
            reason=condition.reason,
            message=condition.message,
            last_transition=condition.last_transition,
        )


@strawberry.type(description="The state of an app.")
class WorkloadStatus:
    phase: WorkloadPhase = strawberry.field(description="The state in one word.")
    message: str = strawberry.field(description="The state in a sentence for its developer.")
    desired_replicas: int = strawberry.field(description="How many pods are asked for.")
    ready_replicas: int = strawberry.field(description="How many pods are ready.")
    updated_replicas: int = strawberry.field(description="How many pods run the current revision.")
    available_replicas: int = strawberry.field(description="How many pods count as available.")
    model: strawberry.Private[models.WorkloadStatus]

    @classmethod
    def from_model(cls, status: models.WorkloadStatus) -> WorkloadStatus:
        return cls(
            phase=status.phase,
            message=status.message,
            desired_replicas=status.desired_replicas,
            ready_replicas=status.ready_replicas,
            updated_replicas=status.updated_replicas,
            available_replicas=status.available_replicas,
            model=status,
        )

    @strawberry.field(description="The Deployment's conditions.")
    def conditions(self) -> list[Condition]:
        return [Condition.from_model(condition) for condition in self.model.conditions]


@strawberry.type(description="One step of a deploy; the server owns the list, clients show it.")
class RolloutStep:
    name: str = strawberry.field(
        description="`recorded`, `applied`, `scheduled`, `started` or `ready`; of a job `finished`."
    )
    title: str = strawberry.field(description="The step in words.")
    state: StepState = strawberry.field(description="Where the step is.")
    message: str | None = strawberry.field(description="What it waits for or why it failed.")

    @classmethod
    def from_model(cls, step: models.RolloutStep) -> RolloutStep:
        return cls(name=step.name, title=step.title, state=step.state, message=step.message)


@strawberry.type(
    description="A cell of the rollout strip: old revisions first; a cell without podName is a replica still to come."
)
class RolloutCell:
    pod_name: str | None = strawberry.field(description="The pod; null: a replica still to come.")
    revision: int | None = strawberry.field(description="The app's revision that it runs; null: unknown.")
    is_current: bool = strawberry.field(description="Whether that is the current revision.")
    state: PodState = strawberry.field(description="The state of the pod.")
    reason: str | None = strawberry.field(description="Why it is in that state, in one word.")

    @classmethod
    def from_model(cls, cell: models.RolloutCell) -> RolloutCell:
        return cls(
            pod_name=cell.pod_name,
            revision=cell.revision,
            is_current=cell.is_current,
            state=cell.state,
            reason=cell.reason,
        )


@strawberry.type(description="How far the current revision is.")
class Rollout:
    revision: int | None = strawberry.field(description="The current revision's number.")
    complete: bool = strawberry.field(description="Whether every replica runs the current revision and is ready.")
    cells: list[RolloutCell] = strawberry.field(
        description="The rollout strip: a cell for each pod, old revisions first."
    )
    model: strawberry.Private[models.Rollout]

    @classmethod
    def from_model(cls, rollout: models.Rollout) -> Rollout:
        cells = [RolloutCell.from_model(cell) for cell in rollout.cells]
        return cls(revision=rollout.revision, complete=rollout.complete, cells=cells, model=rollout)

    @strawberry.field(description="The steps from the record to ready pods.")
    def steps(self) -> list[RolloutStep]:
        return [RolloutStep.from_model(step) for step in self.model.steps]
