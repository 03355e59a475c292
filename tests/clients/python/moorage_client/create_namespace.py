from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class CreateNamespace(BaseModel):
    create_namespace: Optional["CreateNamespaceCreateNamespace"] = Field(
        alias="createNamespace"
    )


class CreateNamespaceCreateNamespace(BaseModel):
    namespace: Optional["CreateNamespaceCreateNamespaceNamespace"]
    errors: list[
        Annotated[
            Union[
                "CreateNamespaceCreateNamespaceErrorsUserError",
                "CreateNamespaceCreateNamespaceErrorsInvalidInputError",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class CreateNamespaceCreateNamespaceNamespace(BaseModel):
    slug: str


class CreateNamespaceCreateNamespaceErrorsUserError(BaseModel):
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


class CreateNamespaceCreateNamespaceErrorsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    path: list[str]
    example: Optional[str]


CreateNamespace.model_rebuild()
CreateNamespaceCreateNamespace.model_rebuild()
