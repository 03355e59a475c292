from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class DeployWorkload(BaseModel):
    deploy_workload: Optional["DeployWorkloadDeployWorkload"] = Field(
        alias="deployWorkload"
    )


class DeployWorkloadDeployWorkload(BaseModel):
    revision: Optional["DeployWorkloadDeployWorkloadRevision"]
    errors: list[
        Annotated[
            Union[
                "DeployWorkloadDeployWorkloadErrorsUserError",
                "DeployWorkloadDeployWorkloadErrorsInvalidInputError",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class DeployWorkloadDeployWorkloadRevision(BaseModel):
    number: int


class DeployWorkloadDeployWorkloadErrorsUserError(BaseModel):
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


class DeployWorkloadDeployWorkloadErrorsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    path: list[str]
    example: Optional[str]


DeployWorkload.model_rebuild()
DeployWorkloadDeployWorkload.model_rebuild()
