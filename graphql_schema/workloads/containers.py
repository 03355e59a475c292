"""What a pod of an app is given: CPU and memory, files, and the credentials by which its image is pulled."""

from __future__ import annotations

import strawberry

from api.manifests import models


@strawberry.type(description="CPU and memory of each replica, in whole numbers.")
class Resources:
    cpu_request_millicores: int = strawberry.field(description="CPU set aside for it, in thousandths of a core.")
    cpu_limit_millicores: int = strawberry.field(description="CPU that it may use, in thousandths of a core.")
    memory_request_mib: int = strawberry.field(description="Memory set aside for it, in MiB.")
    memory_limit_mib: int = strawberry.field(description="Memory that it may use, in MiB.")

    @classmethod
    def from_model(cls, resources: models.Resources) -> Resources:
        return cls(
            cpu_request_millicores=resources.cpu_request_millicores,
            cpu_limit_millicores=resources.cpu_limit_millicores,
            memory_request_mib=resources.memory_request_mib,
            memory_limit_mib=resources.memory_limit_mib,
        )


@strawberry.type(description="A file of text in the container, read-only, that anyone who sees the app may read.")
class ConfigFile:
    path: str = strawberry.field(description="Its path in the container.")
    content: str = strawberry.field(description="What is in it.")

    @classmethod
    def from_model(cls, file: models.ConfigFile) -> ConfigFile:
        return cls(path=file.path, content=file.content)


@strawberry.type(description="A secret file by its path; its content never leaves the server.")
class SecretFile:
    path: str = strawberry.field(description="Its path in the container.")


@strawberry.type(description="Who pulls an app's image; the password never leaves the server.")
class RegistryCredentials:
    server: str | None = strawberry.field(description="The registry's host; null: the image's own.")
    username: str = strawberry.field(description="The user's name there.")

    @classmethod
    def from_model(cls, credentials: models.RegistryCredentials) -> RegistryCredentials:
        return cls(server=credentials.server, username=credentials.username)
