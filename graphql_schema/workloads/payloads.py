"""What mutations of apps answer."""

from __future__ import annotations

import strawberry

from graphql_schema.errors import ERRORS, UserError
from graphql_schema.workloads.plans import WorkloadPlan
from graphql_schema.workloads.revisions import Revision
from graphql_schema.workloads.runs import Run
from graphql_schema.workloads.types import Workload

_WORKLOAD = "The app as it is now; null where nothing was done."
_REVISION = "The revision that was made; null where nothing was done."


@strawberry.type(description="The plan, or why there is none.")
class PlanWorkloadPayload:
    plan: WorkloadPlan | None = strawberry.field(default=None, description="The plan; null where there is none.")
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The deployed app, or why it was not deployed.")
class DeployWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    revision: Revision | None = strawberry.field(default=None, description=_REVISION)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The scaled app, or why it was not scaled.")
class ScaleWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The app whose pods are being replaced, or why they are not.")
class RestartWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The run that was begun, or why there is none.")
class RunWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    run: Run | None = strawberry.field(default=None, description="The run that was begun; null where none was.")
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The job whose schedule is suspended, or why it is not.")
class PauseWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The job whose schedule is resumed, or why it is not.")
class ResumeWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The app that was rolled back, or why it was not.")
class RollbackWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    revision: Revision | None = strawberry.field(default=None, description=_REVISION)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The app that was brought back, or why it was not.")
class RestoreWorkloadPayload:
    workload: Workload | None = strawberry.field(default=None, description=_WORKLOAD)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The app that was deleted, or why it was not.")
class DeleteWorkloadPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The app's id; null where it was not deleted."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The disk that was deleted, or why it was not.")
class DeleteVolumeClaimPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The disk's id; null where it was not deleted."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)
