"""Mutations of apps."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.errors import ExpectedFailure, NotFound, PlanExpired
from graphql_schema.context import Info
from graphql_schema.errors import user_errors
from graphql_schema.nodes import decode_uuid, encode_id
from graphql_schema.workloads.inputs import (
    DeleteWorkloadInput,
    DeployWorkloadInput,
    PlanWorkloadInput,
    RestartWorkloadInput,
    RollbackWorkloadInput,
    ScaleWorkloadInput,
)
from graphql_schema.workloads.payloads import (
    DeleteWorkloadPayload,
    DeployWorkloadPayload,
    PlanWorkloadPayload,
    RestartWorkloadPayload,
    RollbackWorkloadPayload,
    ScaleWorkloadPayload,
)
from graphql_schema.workloads.plans import WorkloadPlan
from graphql_schema.workloads.revisions import Revision
from graphql_schema.workloads.types import Workload


@strawberry.type
class WorkloadMutations:
    @strawberry.mutation(description="Work out what deploying an app would do. Nothing is changed.")
    async def plan_workload(
        self,
        info: Info,
        input: Annotated[PlanWorkloadInput, strawberry.argument(description="The app to plan for.")],
    ) -> PlanWorkloadPayload:
        principal = info.context.principal
        try:
            plan = await info.context.services.workloads.plan(principal, input.namespace, input.workload.to_model())
        except (ExpectedFailure, NotFound) as failure:
            return PlanWorkloadPayload(errors=user_errors(failure, absent="namespace"))
        return PlanWorkloadPayload(plan=WorkloadPlan.from_model(plan))

    @strawberry.mutation(description="Deploy a plan; refused where what it was made for has changed since.")
    async def deploy_workload(
        self,
        info: Info,
        input: Annotated[DeployWorkloadInput, strawberry.argument(description="The plan to deploy.")],
    ) -> DeployWorkloadPayload:
        principal = info.context.principal
        plan_id = decode_uuid(input.plan_id, "WorkloadPlan")
        if plan_id is None:
            absent = PlanExpired("There is no such plan: make a new one with planWorkload.", path=("planId",))
            return DeployWorkloadPayload(errors=user_errors(absent))
        try:
            workload, revision = await info.context.services.workloads.deploy(principal, plan_id, input.message)
        except (ExpectedFailure, NotFound) as failure:
            return DeployWorkloadPayload(errors=user_errors(failure, absent="planId"))
        return DeployWorkloadPayload(workload=Workload.from_model(workload), revision=Revision.from_model(revision))

    @strawberry.mutation(description="Change how many pods an app has, as a new revision.")
    async def scale_workload(
        self,
        info: Info,
        input: Annotated[ScaleWorkloadInput, strawberry.argument(description="The app to scale.")],
    ) -> ScaleWorkloadPayload:
        principal = info.context.principal
        try:
            workload = await info.context.services.workloads.scale(
                principal, input.namespace, input.name, input.replicas
            )
        except (ExpectedFailure, NotFound) as failure:
            return ScaleWorkloadPayload(errors=user_errors(failure, absent="name"))
        return ScaleWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(description="Replace an app's pods by new ones of the same description.")
    async def restart_workload(
        self,
        info: Info,
        input: Annotated[RestartWorkloadInput, strawberry.argument(description="The app to restart.")],
    ) -> RestartWorkloadPayload:
        principal = info.context.principal
        try:
            workload = await info.context.services.workloads.restart(principal, input.namespace, input.name)
        except (ExpectedFailure, NotFound) as failure:
            return RestartWorkloadPayload(errors=user_errors(failure, absent="name"))
        return RestartWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(description="Take up an earlier revision again, whole, as a new revision.")
    async def rollback_workload(
        self,
        info: Info,
        input: Annotated[RollbackWorkloadInput, strawberry.argument(description="The app to roll back.")],
    ) -> RollbackWorkloadPayload:
        principal = info.context.principal
        try:
            workload, revision = await info.context.services.workloads.rollback(
                principal, input.namespace, input.name, input.revision, input.message
            )
        except (ExpectedFailure, NotFound) as failure:
            return RollbackWorkloadPayload(errors=user_errors(failure, absent="name"))
        return RollbackWorkloadPayload(workload=Workload.from_model(workload), revision=Revision.from_model(revision))

    @strawberry.mutation(description="Delete an app and its objects.")
    async def delete_workload(
        self,
        info: Info,
        input: Annotated[DeleteWorkloadInput, strawberry.argument(description="The app to delete.")],
    ) -> DeleteWorkloadPayload:
        principal = info.context.principal
        try:
            workload_id = await info.context.services.workloads.delete(principal, input.namespace, input.name)
        except (ExpectedFailure, NotFound) as failure:
            return DeleteWorkloadPayload(errors=user_errors(failure, absent="name"))
        return DeleteWorkloadPayload(deleted_id=encode_id("Workload", workload_id))
