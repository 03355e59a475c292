"""What an app is, as its developer describes it."""

from __future__ import annotations

import strawberry

from api.manifests import models
from api.manifests.images import parse_image
from graphql_schema.enums import WorkloadSize


@strawberry.type(description="An image reference, split by the grammar of the distribution project.")
class ImageReference:
    registry: str = strawberry.field(description="The registry's host, with a port where one is given.")
    repository: str = strawberry.field(description="The repository in the registry.")
    tag: str | None = strawberry.field(description="The tag; null where there is none.")
    digest: str | None = strawberry.field(description="The digest; null where there is none.")


@strawberry.type(description="A variable that anyone who sees the app may read.")
class EnvironmentVariable:
    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="The variable's value.")


@strawberry.type(description="A secret by name; its value never leaves the server.")
class SecretVariable:
    name: str = strawberry.field(description="The variable's name.")


@strawberry.type(description="One app, as its developer describes it.")
class WorkloadSpec:
    image: str = strawberry.field(description="The image, as it was written.")
    port: int | None = strawberry.field(description="The port it listens on; null: it listens on none.")
    size: WorkloadSize = strawberry.field(description="CPU and memory for each replica.")
    replicas: int = strawberry.field(description="How many pods.")
    run_as_user: int | None = strawberry.field(description="The user id it runs as; null: the image's own.")
    model: strawberry.Private[models.WorkloadSpec]

    @classmethod
    def from_model(cls, spec: models.WorkloadSpec) -> WorkloadSpec:
        return cls(
            image=spec.image,
            port=spec.port,
            size=spec.size,
            replicas=spec.replicas,
            run_as_user=spec.run_as_user,
            model=spec,
        )

    @strawberry.field(description="The image in its parts.")
    def image_reference(self) -> ImageReference:
        reference = parse_image(self.image)
        return ImageReference(
            registry=reference.registry,
            repository=reference.repository,
            tag=reference.tag,
            digest=reference.digest,
        )

    @strawberry.field(description="Variables that anyone who sees the app may read.")
    def environment(self) -> list[EnvironmentVariable]:
        return [EnvironmentVariable(name=each.name, value=each.value) for each in self.model.environment]

    @strawberry.field(description="Variables kept in a Secret, by name only.")
    def secrets(self) -> list[SecretVariable]:
        return [SecretVariable(name=each.name) for each in self.model.secrets]
