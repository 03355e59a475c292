"""What mutations take of what a pod is given: CPU and memory, files, and the credentials of a registry."""

from __future__ import annotations

import strawberry

from api.manifests import models


@strawberry.input(description="CPU and memory of each replica; none is set aside beyond what it may use.")
class ResourcesInput:
    cpu_request_millicores: int = strawberry.field(description="CPU set aside for it, in thousandths of a core.")
    cpu_limit_millicores: int = strawberry.field(description="CPU that it may use, in thousandths of a core.")
    memory_request_mib: int = strawberry.field(description="Memory set aside for it, in MiB.")
    memory_limit_mib: int = strawberry.field(description="Memory that it may use, in MiB.")

    def to_model(self) -> models.Resources:
        return models.Resources(
            self.cpu_request_millicores, self.cpu_limit_millicores, self.memory_request_mib, self.memory_limit_mib
        )


@strawberry.input(description="A file of text in the container, read-only, that anyone who sees the app may read.")
class ConfigFileInput:
    path: str = strawberry.field(description="Its path in the container; what else is in the directory stays there.")
    content: str = strawberry.field(description="What is in it.")

    def to_model(self) -> models.ConfigFile:
        return models.ConfigFile(self.path, self.content)


@strawberry.input(description="A file kept in a Secret.")
class SecretFileInput:
    path: str = strawberry.field(description="Its path in the container; what else is in the directory stays there.")
    content: str | None = strawberry.field(default=None, description="What is in it; left out: keep the app's own.")

    def to_model(self) -> models.SecretFile:
        return models.SecretFile(self.path, self.content)


@strawberry.input(description="Who pulls an app's image.")
class RegistryCredentialsInput:
    server: str | None = strawberry.field(default=None, description="The registry's host; left out: the image's own.")
    username: str = strawberry.field(description="The user's name there.")
    password: str | None = strawberry.field(
        default=None,
        description="The password or token; left out: keep the app's own, which is for this user of this registry.",
    )

    def to_model(self) -> models.RegistryCredentials:
        return models.RegistryCredentials(self.username, self.password, self.server or None)
