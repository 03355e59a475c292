from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import ChangeAction


class PlanWorkload(BaseModel):
    plan_workload: Optional["PlanWorkloadPlanWorkload"] = Field(alias="planWorkload")


class PlanWorkloadPlanWorkload(BaseModel):
    plan: Optional["PlanWorkloadPlanWorkloadPlan"]
    errors: list[
        Annotated[
            Union[
                "PlanWorkloadPlanWorkloadErrorsUserError",
                "PlanWorkloadPlanWorkloadErrorsInvalidInputError",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class PlanWorkloadPlanWorkloadPlan(BaseModel):
    id: str
    action: ChangeAction


class PlanWorkloadPlanWorkloadErrorsUserError(BaseModel):
    typename__: Literal[
        "ClusterRefusedError",
        "IdempotencyConflictError",
        "InUseError",
        "NameTakenError",
        "NamespaceTerminatingError",
        "NotFoundError",
        "PlanConflictError",
        "PlanExpiredError",
        "PolicyViolationError",
        "QuotaExceededError",
        "UserError",
    ] = Field(alias="__typename")
    message: str
    path: list[str]


class PlanWorkloadPlanWorkloadErrorsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    path: list[str]
    example: Optional[str]


PlanWorkload.model_rebuild()
PlanWorkloadPlanWorkload.model_rebuild()
