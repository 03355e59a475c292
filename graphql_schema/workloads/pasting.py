"""What a developer has of an app elsewhere, as values of the form."""

from __future__ import annotations

import strawberry

from api.manifests.models import Probe as ProbeModel
from api.manifests.models import RegistryCredentials
from api.manifests.pasting import models
from graphql_schema.enums import PasteSource, WorkloadKind, WorkloadSize
from graphql_schema.errors import UserError
from graphql_schema.workloads.containers import ConfigFile, Resources
from graphql_schema.workloads.specs import Autoscaling, EnvironmentVariable, Probe, Schedule, Volume

_PROBE = "null: the text has none."


@strawberry.type(description="A variable of the text that its name makes a secret. Nothing of it is kept.")
class PastedSecret:
    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="The variable's value, as the text had it.")


@strawberry.type(description="A secret file of the text. Nothing of it is kept.")
class PastedSecretFile:
    path: str = strawberry.field(description="Its path in the container.")
    content: str = strawberry.field(description="What is in it, as the text had it.")


@strawberry.type(description="Credentials of a registry in the text. Nothing of them is kept.")
class PastedRegistryCredentials:
    server: str | None = strawberry.field(description="The registry; null: the image's own.")
    username: str = strawberry.field(description="The user's name there.")
    password: str = strawberry.field(description="The password, as the text had it.")


@strawberry.type(description="A part of the text that fills no field.")
class LeftOut:
    what: str = strawberry.field(description="The part, as it was written; of variables, the name alone.")
    why: str = strawberry.field(description="Why it fills no field.")


@strawberry.type(description="How a part of the text was taken over, where that is to be looked over.")
class PasteNote:
    what: str = strawberry.field(description="The part, as it was written; of variables, the name alone.")
    message: str = strawberry.field(description="What it became, and what was assumed. It has no value of the text.")


@strawberry.type(
    description="What a text says of an app; null or empty where it says nothing. Nothing is checked: "
    "`planWorkload` does that."
)
class PastedWorkload:
    source: PasteSource = strawberry.field(description="What the text was found to be.")
    kind: WorkloadKind | None = strawberry.field(description="What it is: a service or a job.")
    name: str | None = strawberry.field(description="The app's name.")
    image: str | None = strawberry.field(description="The image, as it was written.")
    port: int | None = strawberry.field(description="The port it listens on.")
    size: WorkloadSize | None = strawberry.field(description="The smallest size that has what it asks for.")
    resources: Resources | None = strawberry.field(description="What it asks for, where that is no size.")
    replicas: int | None = strawberry.field(description="How many pods.")
    environment: list[EnvironmentVariable] = strawberry.field(description="Its variables.")
    secrets: list[PastedSecret] = strawberry.field(description="Those of its variables that are secrets by name.")
    files: list[ConfigFile] = strawberry.field(description="Its files.")
    secret_files: list[PastedSecretFile] = strawberry.field(description="Its files that are kept in a Secret.")
    registry_credentials: PastedRegistryCredentials | None = strawberry.field(description="Who pulls its image.")
    run_as_user: int | None = strawberry.field(description="The user id it runs as.")
    command: list[str] = strawberry.field(description="What runs in place of the image's ENTRYPOINT.")
    arguments: list[str] = strawberry.field(description="What it is given in place of the image's CMD.")
    startup: Probe | None = strawberry.field(description=f"Whether the app has started; {_PROBE}")
    liveness: Probe | None = strawberry.field(description=f"Whether it has to be started anew; {_PROBE}")
    readiness: Probe | None = strawberry.field(description=f"Whether a pod gets requests; {_PROBE}")
    shutdown_seconds: int | None = strawberry.field(description="The time between SIGTERM and SIGKILL, in seconds.")
    volumes: list[Volume] = strawberry.field(description="The disks of each replica of a stateful service.")
    schedule: Schedule | None = strawberry.field(description="When a scheduled job runs.")
    retries: int | None = strawberry.field(description="How often a run of a job that fails is tried again.")
    time_limit_seconds: int | None = strawberry.field(description="After how many seconds a run of a job is stopped.")
    autoscaling: Autoscaling | None = strawberry.field(description="By what the number of pods is chosen.")
    notes: list[PasteNote] = strawberry.field(description="What of the text was taken over by an assumption.")
    left_out: list[LeftOut] = strawberry.field(description="What of the text fills no field.")

    @classmethod
    def from_model(cls, pasted: models.Pasted) -> PastedWorkload:
        return cls(
            source=pasted.source,
            kind=pasted.kind,
            name=pasted.name,
            image=pasted.image,
            port=pasted.port,
            size=pasted.size,
            resources=Resources.from_model(pasted.resources) if pasted.resources is not None else None,
            replicas=pasted.replicas,
            environment=[EnvironmentVariable(name=each.name, value=each.value) for each in pasted.environment],
            secrets=[PastedSecret(name=each.name, value=each.value or "") for each in pasted.secrets],
            files=[ConfigFile.from_model(each) for each in pasted.files],
            secret_files=[PastedSecretFile(path=each.path, content=each.content or "") for each in pasted.secret_files],
            registry_credentials=_credentials(pasted.registry_credentials),
            run_as_user=pasted.run_as_user,
            command=list(pasted.command),
            arguments=list(pasted.arguments),
            startup=_probe(pasted.startup),
            liveness=_probe(pasted.liveness),
            readiness=_probe(pasted.readiness),
            shutdown_seconds=pasted.shutdown_seconds,
            volumes=[Volume.from_model(each) for each in pasted.volumes],
            schedule=Schedule.from_model(pasted.schedule) if pasted.schedule is not None else None,
            retries=pasted.retries,
            time_limit_seconds=pasted.time_limit_seconds,
            autoscaling=Autoscaling.from_model(pasted.autoscaling) if pasted.autoscaling is not None else None,
            notes=[PasteNote(what=each.what, message=each.message) for each in pasted.notes],
            left_out=[LeftOut(what=each.what, why=each.why) for each in pasted.left_out],
        )


@strawberry.type(description="What the text says, or why it cannot be read.")
class PastedWorkloadPayload:
    workload: PastedWorkload | None = strawberry.field(
        default=None, description="What the text says of an app; null where it cannot be read."
    )
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why it cannot be read; empty where it was."
    )


def _credentials(credentials: RegistryCredentials | None) -> PastedRegistryCredentials | None:
    if credentials is None:
        return None
    return PastedRegistryCredentials(
        server=credentials.server, username=credentials.username, password=credentials.password or ""
    )


def _probe(probe: ProbeModel | None) -> Probe | None:
    return Probe.from_model(probe) if probe is not None else None
