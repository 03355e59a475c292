"""What mutations of apps take."""

from __future__ import annotations

import strawberry

from api.manifests import models
from graphql_schema.enums import WorkloadSize


@strawberry.input(description="A variable that anyone who sees the app may read.")
class EnvironmentVariableInput:
    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="The variable's value.")


@strawberry.input(description="A variable kept in a Secret.")
class SecretVariableInput:
    name: str = strawberry.field(description="The variable's name.")
    value: str | None = strawberry.field(default=None, description="The value; left out: keep the app's own.")


@strawberry.input(description="One app, as its developer describes it.")
class WorkloadInput:
    name: str = strawberry.field(description="Its name, unique in its namespace.")
    image: str = strawberry.field(description="Any full image reference.")
    port: int | None = strawberry.field(default=None, description="The port it listens on; left out: none.")
    size: WorkloadSize = strawberry.field(default=WorkloadSize.S, description="CPU and memory for each replica.")
    replicas: int = strawberry.field(default=1, description="How many pods; 0 stops it.")
    environment: list[EnvironmentVariableInput] = strawberry.field(
        default_factory=list, description="Variables that anyone who sees the app may read."
    )
    secrets: list[SecretVariableInput] = strawberry.field(
        default_factory=list, description="Variables kept in a Secret. One that is left out is removed."
    )
    run_as_user: int | None = strawberry.field(
        default=None, description="The user id to run as; left out: the image's own, which must not be root."
    )

    def to_model(self) -> models.WorkloadSpec:
        return models.WorkloadSpec(
            name=self.name,
            image=self.image,
            port=self.port,
            size=self.size,
            replicas=self.replicas,
            environment=tuple(models.EnvironmentVariable(each.name, each.value) for each in self.environment),
            secrets=tuple(models.SecretVariable(each.name, each.value) for each in self.secrets),
            run_as_user=self.run_as_user,
        )


@strawberry.input(description="The app to plan for.")
class PlanWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace to put it into.")
    workload: WorkloadInput = strawberry.field(description="The app as it shall be.")
    base_revision: int | None = strawberry.field(
        default=None,
        description="The number of the revision that `workload` was written from, 0 for a new app: refused with a "
        "PlanConflictError where another one is current. Left out: planned against whatever is current.",
    )


@strawberry.input(description="The plan to deploy.")
class DeployWorkloadInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan's id.")
    message: str | None = strawberry.field(default=None, description="A note for the revision.")


@strawberry.input(description="The app to scale.")
class ScaleWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
    replicas: int = strawberry.field(description="How many pods it shall have; 0 stops it.")


@strawberry.input(description="The app to restart.")
class RestartWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")


@strawberry.input(description="The app to roll back.")
class RollbackWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
    revision: int = strawberry.field(description="The number of the revision to take up again.")
    message: str | None = strawberry.field(default=None, description="A note for the new revision.")


@strawberry.input(description="The app to delete.")
class DeleteWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
