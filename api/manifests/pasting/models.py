"""What a pasted text says of an app, and what of it could not be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from api.manifests.models import (
    Autoscaling,
    ConfigFile,
    EnvironmentVariable,
    Probe,
    RegistryCredentials,
    Resources,
    Schedule,
    SecretFile,
    SecretVariable,
    Volume,
    WorkloadKind,
    WorkloadSize,
)


class PasteSource(StrEnum):
    """What a text was found to be."""

    DOCKER_RUN = "docker_run"
    COMPOSE = "compose"
    KUBERNETES = "kubernetes"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the text that fills no field. `what` is as it was written, without values that may be secret."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class PasteNote:
    """How a part of the text was taken over, where that is to be looked over. `what` is as in LeftOut."""

    what: str
    message: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """Values for the fields of a WorkloadSpec of the same names; None, or empty, where the text says nothing.

    They are not checked: what breaks a rule of the form is marked there, beside its field.
    """

    source: PasteSource
    kind: WorkloadKind | None = None
    name: str | None = None
    image: str | None = None
    port: int | None = None
    size: WorkloadSize | None = None
    resources: Resources | None = None
    replicas: int | None = None
    environment: tuple[EnvironmentVariable, ...] = ()
    secrets: tuple[SecretVariable, ...] = ()
    files: tuple[ConfigFile, ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    registry_credentials: RegistryCredentials | None = None
    run_as_user: int | None = None
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    startup: Probe | None = None
    liveness: Probe | None = None
    readiness: Probe | None = None
    shutdown_seconds: int | None = None
    volumes: tuple[Volume, ...] = ()
    schedule: Schedule | None = None
    retries: int | None = None
    time_limit_seconds: int | None = None
    autoscaling: Autoscaling | None = None
    notes: tuple[PasteNote, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
