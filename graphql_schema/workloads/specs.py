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


@strawberry.type(
    description="How Kubernetes asks a container how it is: by a command, else by GET of a path on the app's port, "
    "else by connecting to that port."
)
class Probe:
    path: str | None = strawberry.field(description="The path that answers 200 to 399 while all is well; null: none.")
    command: list[str] = strawberry.field(description="The command that ends with 0 while all is well; empty: none.")
    delay_seconds: int = strawberry.field(description="The wait before the first check, in seconds.")
    period_seconds: int = strawberry.field(description="The pause between two checks, in seconds.")
    timeout_seconds: int = strawberry.field(description="How long a check may take, in seconds.")
    failures: int = strawberry.field(description="How many failed checks in a row count as a failure.")

    @classmethod
    def from_model(cls, probe: models.Probe) -> Probe:
        return cls(
            path=probe.path,
            command=list(probe.command),
            delay_seconds=probe.delay_seconds,
            period_seconds=probe.period_seconds,
            timeout_seconds=probe.timeout_seconds,
            failures=probe.failures,
        )


@strawberry.type(description="One app, as its developer describes it.")
class WorkloadSpec:
    image: str = strawberry.field(description="The image, as it was written.")
    port: int | None = strawberry.field(description="The port it listens on; null: it listens on none.")
    size: WorkloadSize = strawberry.field(description="CPU and memory for each replica.")
    replicas: int = strawberry.field(description="How many pods.")
    run_as_user: int | None = strawberry.field(description="The user id it runs as; null: the image's own.")
    shutdown_seconds: int = strawberry.field(description="The time between SIGTERM and SIGKILL, in seconds.")
    surge: bool = strawberry.field(
        description="Whether a pod more than asked for may run while pods are replaced; without it, there is one less."
    )
    model: strawberry.Private[models.WorkloadSpec]

    @classmethod
    def from_model(cls, spec: models.WorkloadSpec) -> WorkloadSpec:
        return cls(
            image=spec.image,
            port=spec.port,
            size=spec.size,
            replicas=spec.replicas,
            run_as_user=spec.run_as_user,
            shutdown_seconds=spec.shutdown_seconds,
            surge=spec.surge,
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

    @strawberry.field(description="What runs in place of the image's ENTRYPOINT, a word an item; empty: that runs.")
    def command(self) -> list[str]:
        return list(self.model.command)

    @strawberry.field(description="Arguments in place of the image's CMD, a word an item; empty: those.")
    def arguments(self) -> list[str]:
        return list(self.model.arguments)

    @strawberry.field(description="The check that the other two wait for; null: they do not wait.")
    def startup(self) -> Probe | None:
        return _probe(self.model.startup)

    @strawberry.field(description="The check that starts a container anew where it fails; null: nothing does.")
    def liveness(self) -> Probe | None:
        return _probe(self.model.liveness)

    @strawberry.field(description="The check of a pod that is to get requests; null: its port has to answer.")
    def readiness(self) -> Probe | None:
        return _probe(self.model.readiness)


def _probe(probe: models.Probe | None) -> Probe | None:
    return Probe.from_model(probe) if probe is not None else None
