"""Mutations of apps."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.errors import NotThere, PlanExpired
from api.workloads import models
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.idempotency import asked_by
from graphql_schema.nodes import decode_id, decode_uuid, encode_id
from graphql_schema.payloads import answers_with
from graphql_schema.workloads.inputs import (
    DeleteVolumeClaimInput,
    DeleteWorkloadInput,
    DeployWorkloadInput,
    PauseWorkloadInput,
    PlanRollbackInput,
    PlanWorkloadInput,
    RestartWorkloadInput,
    RestoreWorkloadInput,
    ResumeWorkloadInput,
    RollbackWorkloadInput,
    RunWorkloadInput,
    ScaleWorkloadInput,
)
from graphql_schema.workloads.payloads import (
    DeleteVolumeClaimPayload,
    DeleteWorkloadPayload,
    DeployWorkloadPayload,
    PauseWorkloadPayload,
    PlanWorkloadPayload,
    RestartWorkloadPayload,
    RestoreWorkloadPayload,
    ResumeWorkloadPayload,
    RollbackWorkloadPayload,
    RunWorkloadPayload,
    ScaleWorkloadPayload,
)
from graphql_schema.workloads.plans import WorkloadPlan
from graphql_schema.workloads.revisions import Revision
from graphql_schema.workloads.runs import Run
from graphql_schema.workloads.types import Workload


@strawberry.type
class WorkloadMutations:
    @strawberry.mutation(
        description="Work out what deploying an app would do. Nothing is changed.", directives=[Cost(weight="10")]
    )
    @answers_with(PlanWorkloadPayload, absent="namespace")
    async def plan_workload(
        self,
        info: Info,
        input: Annotated[PlanWorkloadInput, strawberry.argument(description="The app to plan for.")],
    ) -> PlanWorkloadPayload | None:
        service = info.context.services.workloads
        plan = await service.plan(
            info.context.principal, input.namespace, input.workload.to_model(), base_revision=input.base_revision
        )
        return PlanWorkloadPayload(plan=WorkloadPlan.from_model(plan))

    @strawberry.mutation(
        description="Deploy a plan; refused where what it was made for has changed since.",
        directives=[Cost(weight="20")],
    )
    @answers_with(DeployWorkloadPayload, absent="planId")
    async def deploy_workload(
        self,
        info: Info,
        input: Annotated[DeployWorkloadInput, strawberry.argument(description="The plan to deploy.")],
    ) -> DeployWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        plan_id = decode_uuid(input.plan_id, "WorkloadPlan")
        if plan_id is None:
            raise PlanExpired("There is no such plan: make a new one with planWorkload.", path=("plan_id",))
        workload, revision = await service.once.revision(
            principal,
            asked_by(info, input),
            lambda claim: service.deploy(principal, plan_id, input.message, claim=claim),
        )
        return DeployWorkloadPayload(
            workload=Workload.from_model(workload), revision=Revision.from_model(revision, owner_id=workload.owner_id)
        )

    @strawberry.mutation(
        description="Change how many pods an app has, as a new revision.", directives=[Cost(weight="10")]
    )
    @answers_with(ScaleWorkloadPayload, absent="name")
    async def scale_workload(
        self,
        info: Info,
        input: Annotated[ScaleWorkloadInput, strawberry.argument(description="The app to scale.")],
    ) -> ScaleWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        workload = await service.once.workload(
            principal,
            asked_by(info, input),
            lambda claim: service.scale(principal, input.namespace, input.name, input.replicas, claim=claim),
        )
        return ScaleWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(
        description="Replace an app's pods by new ones of the same description.", directives=[Cost(weight="10")]
    )
    @answers_with(RestartWorkloadPayload, absent="name")
    async def restart_workload(
        self,
        info: Info,
        input: Annotated[RestartWorkloadInput, strawberry.argument(description="The app to restart.")],
    ) -> RestartWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        workload = await service.once.workload(
            principal,
            asked_by(info, input),
            lambda claim: service.restart(principal, input.namespace, input.name, claim=claim),
        )
        return RestartWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(
        description="Begin one more run of a job, whatever its schedule says.", directives=[Cost(weight="10")]
    )
    @answers_with(RunWorkloadPayload, absent="name")
    async def run_workload(
        self,
        info: Info,
        input: Annotated[RunWorkloadInput, strawberry.argument(description="The job to run.")],
    ) -> RunWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        workload, run = await service.once.run(
            principal,
            asked_by(info, input),
            lambda claim: service.jobs.run(principal, input.namespace, input.name, claim=claim),
        )
        return RunWorkloadPayload(workload=Workload.from_model(workload), run=Run.from_model(run))

    @strawberry.mutation(
        description="Suspend the schedule of a job, as a new revision: no run starts by itself.",
        directives=[Cost(weight="10")],
    )
    @answers_with(PauseWorkloadPayload, absent="name")
    async def pause_workload(
        self,
        info: Info,
        input: Annotated[PauseWorkloadInput, strawberry.argument(description="The job to pause.")],
    ) -> PauseWorkloadPayload | None:
        workload = await _suspend(info, input, suspended=True)
        return PauseWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(description="Resume the schedule of a job, as a new revision.", directives=[Cost(weight="10")])
    @answers_with(ResumeWorkloadPayload, absent="name")
    async def resume_workload(
        self,
        info: Info,
        input: Annotated[ResumeWorkloadInput, strawberry.argument(description="The job to resume.")],
    ) -> ResumeWorkloadPayload | None:
        workload = await _suspend(info, input, suspended=False)
        return ResumeWorkloadPayload(workload=Workload.from_model(workload))

    @strawberry.mutation(
        description="Work out what taking up an earlier revision again would do: its secrets, size and exposure too. "
        "Nothing is changed; `deployWorkload` does it.",
        directives=[Cost(weight="10")],
    )
    @answers_with(PlanWorkloadPayload, absent="name")
    async def plan_rollback(
        self,
        info: Info,
        input: Annotated[PlanRollbackInput, strawberry.argument(description="The app to plan a rollback of.")],
    ) -> PlanWorkloadPayload | None:
        service = info.context.services.workloads
        plan = await service.plan_rollback(
            info.context.principal, input.namespace, input.name, input.revision, base_revision=input.base_revision
        )
        return PlanWorkloadPayload(plan=WorkloadPlan.from_model(plan))

    @strawberry.mutation(
        description="Take up an earlier revision again, whole, as a new revision. `planRollback` shows it first.",
        directives=[Cost(weight="20")],
    )
    @answers_with(RollbackWorkloadPayload, absent="name")
    async def rollback_workload(
        self,
        info: Info,
        input: Annotated[RollbackWorkloadInput, strawberry.argument(description="The app to roll back.")],
    ) -> RollbackWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        workload, revision = await service.once.revision(
            principal,
            asked_by(info, input),
            lambda claim: service.rollback(
                principal,
                input.namespace,
                input.name,
                input.revision,
                input.message,
                base_revision=input.base_revision,
                claim=claim,
            ),
        )
        return RollbackWorkloadPayload(
            workload=Workload.from_model(workload), revision=Revision.from_model(revision, owner_id=workload.owner_id)
        )

    @strawberry.mutation(
        description="Delete an app and its objects; its volumes stay. It can be brought back for a day.",
        directives=[Cost(weight="20")],
    )
    @answers_with(DeleteWorkloadPayload, absent="name")
    async def delete_workload(
        self,
        info: Info,
        input: Annotated[DeleteWorkloadInput, strawberry.argument(description="The app to delete.")],
    ) -> DeleteWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        workload_id = await service.once.deletion(
            asked_by(info, input), lambda claim: service.delete(principal, input.namespace, input.name, claim=claim)
        )
        return DeleteWorkloadPayload(deleted_id=encode_id("Workload", workload_id))

    @strawberry.mutation(
        description="Bring back an app that was deleted within a day. A job is not run again for it.",
        directives=[Cost(weight="20")],
    )
    @answers_with(RestoreWorkloadPayload, absent="namespace")
    async def restore_workload(
        self,
        info: Info,
        input: Annotated[RestoreWorkloadInput, strawberry.argument(description="The app to bring back.")],
    ) -> RestoreWorkloadPayload | None:
        principal, service = info.context.principal, info.context.services.workloads.restoring
        workload_id = decode_uuid(input.id, "Workload")
        if workload_id is None:
            raise NotThere("That is no id of an app.", path=("id",))
        restored = await service.restore(principal, input.namespace, workload_id)
        return RestoreWorkloadPayload(workload=Workload.from_model(restored))

    @strawberry.mutation(
        description="Delete a disk that no app uses, with its data; refused while an app has a use for it, or could be "
        "brought back with it. There is no way back.",
        directives=[Cost(weight="10")],
    )
    @answers_with(DeleteVolumeClaimPayload, absent="namespace")
    async def delete_volume_claim(
        self,
        info: Info,
        input: Annotated[DeleteVolumeClaimInput, strawberry.argument(description="The disk to delete.")],
    ) -> DeleteVolumeClaimPayload | None:
        principal, service = info.context.principal, info.context.services.workloads
        key = decode_id(input.id)
        uid = key.value if key is not None and key.type_name == "VolumeClaim" else ""
        deleted = await service.once.volume_deletion(
            asked_by(info, input),
            lambda claim: service.volumes.delete(principal, input.namespace, uid, input.confirm_name, claim=claim),
        )
        return DeleteVolumeClaimPayload(deleted_id=encode_id("VolumeClaim", deleted))


async def _suspend(info: Info, input: PauseWorkloadInput | ResumeWorkloadInput, *, suspended: bool) -> models.Workload:
    principal, service = info.context.principal, info.context.services.workloads
    return await service.once.workload(
        principal,
        asked_by(info, input),
        lambda claim: service.jobs.suspend(principal, input.namespace, input.name, suspended=suspended, claim=claim),
    )
