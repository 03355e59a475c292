from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import UpdateKind, WorkloadPhase


class DeploymentUpdated(BaseModel):
    deployment_updated: "DeploymentUpdatedDeploymentUpdated" = Field(
        alias="deploymentUpdated"
    )


class DeploymentUpdatedDeploymentUpdated(BaseModel):
    kind: UpdateKind
    workload: Optional["DeploymentUpdatedDeploymentUpdatedWorkload"]


class DeploymentUpdatedDeploymentUpdatedWorkload(BaseModel):
    status: "DeploymentUpdatedDeploymentUpdatedWorkloadStatus"


class DeploymentUpdatedDeploymentUpdatedWorkloadStatus(BaseModel):
    phase: WorkloadPhase
    ready_replicas: int = Field(alias="readyReplicas")
    desired_replicas: int = Field(alias="desiredReplicas")


DeploymentUpdated.model_rebuild()
DeploymentUpdatedDeploymentUpdated.model_rebuild()
DeploymentUpdatedDeploymentUpdatedWorkload.model_rebuild()
