"""Specs to try: one that everybody knows, and every one that the form takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.manifests import images
from api.manifests.builder import Object, build, pod_from
from api.manifests.kinds import has, profile
from api.manifests.models import (
    Autoscaling,
    Concurrency,
    ConfigFile,
    EnvironmentVariable,
    ExposureMode,
    Probe,
    RegistryCredentials,
    Resources,
    Schedule,
    SecretFile,
    SecretVariable,
    Volume,
    WorkloadKind,
    WorkloadSize,
    WorkloadSpec,
)
from api.manifests.secrets import secrets_of

WORKLOAD_ID = UUID("5b0f2c9e-3c1d-4f5a-9a64-0d5d3f1c7a11")
WEB = WorkloadSpec(name="web", image="registry.example/web:1", port=8080, replicas=3)
DATABASE = WorkloadSpec(
    name="db",
    image="registry.example/db:1",
    kind=WorkloadKind.STATEFUL_SERVICE,
    port=5432,
    volumes=(Volume("data", "/var/lib/data", 1),),
)
JOB = WorkloadSpec(name="migrate", image="registry.example/migrate:1", kind=WorkloadKind.JOB)
NIGHTLY = WorkloadSpec(
    name="nightly",
    image="registry.example/report:1",
    kind=WorkloadKind.SCHEDULED_JOB,
    schedule=Schedule("30 4 * * *", "Europe/London"),
)


def _is_image(text: str) -> bool:
    """Whether it is a whole reference, beyond its pattern."""
    try:
        images.parse_image(text)
    except InvalidInput:
        return False
    return True


bounded = settings(max_examples=100, deadline=None)

names = st.from_regex(r"[a-z]([a-z0-9\-]{0,44}[a-z0-9])?", fullmatch=True)
references = st.from_regex(images.PATTERN, fullmatch=True).filter(lambda text: len(text) <= images.MAX_LENGTH)
accepted_references = st.sampled_from(["redis", f"localhost:5000/x@sha256:{'0' * 64}"]) | references.filter(_is_image)
variable_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


def cron_field(least: int, most: int, *, names: Sequence[str] = ()) -> st.SearchStrategy[str]:
    """One field of a schedule: anything that crontab(5) has, and Kubernetes takes."""
    numbers = st.integers(least, most)
    spans = st.tuples(numbers, numbers).map(lambda ends: f"{min(ends)}-{max(ends)}")
    whole = st.just("*") | numbers.map(str) | spans | (st.sampled_from(names) if names else st.nothing())
    stepped = st.tuples(st.just("*") | spans, st.integers(1, most)).map(lambda parts: f"{parts[0]}/{parts[1]}")
    return st.lists(whole | stepped, min_size=1, max_size=3).map(",".join)


crons = st.sampled_from(["@hourly", "@daily", "@weekly", "@monthly", "@yearly"]) | st.tuples(
    cron_field(0, 59),
    cron_field(0, 23),
    cron_field(1, 28),
    cron_field(1, 12, names=["JAN", "dec"]),
    cron_field(0, 6, names=["MON", "sun"]),
).map(" ".join)
schedules = st.builds(
    Schedule,
    cron=crons,
    time_zone=st.sampled_from(["Etc/UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    concurrency=st.sampled_from(Concurrency),
    suspended=st.booleans(),
)
volumes = st.lists(
    st.builds(
        Volume,
        name=st.from_regex(r"[a-z][a-z0-9]{0,11}", fullmatch=True),
        path=st.from_regex(r"(/[A-Za-z0-9_.\-]{0,8}[A-Za-z0-9_\-]){1,3}", fullmatch=True),
        size_gib=st.integers(1, 16_384),
        storage_class=st.none() | st.sampled_from(["standard", "fast.example"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=(lambda volume: volume.name, lambda volume: volume.path),
).map(tuple)
# No more than the namespace itself has: its LimitRange is beside the rules.
resources = st.tuples(
    *(st.lists(st.integers(*bounds), min_size=2, max_size=2).map(sorted) for bounds in ((10, 2_000), (16, 4 * 1024)))
).map(lambda pairs: Resources(*pairs[0], *pairs[1]))
file_paths = st.from_regex(r"(/\.?[A-Za-z0-9_\-][A-Za-z0-9_.\-]{0,8}){1,3}", fullmatch=True).filter(
    lambda path: path.split("/")[1] not in ("dev", "proc", "sys")
)
credentials = st.builds(
    RegistryCredentials,
    username=st.from_regex(r"[a-z$_ é]{1,9}", fullmatch=True),
    password=texts.filter(bool),
    server=st.none() | st.sampled_from(["ghcr.io", "docker.io", "localhost:5000"]),
)


def apart(paths: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of `paths` that are in nobody's way."""
    kept: list[str] = []
    for path in paths:
        if all(not f"{path}/".startswith(f"{each}/") and not each.startswith(f"{path}/") for each in [*kept, *others]):
            kept.append(path)
    return kept


words = st.lists(texts.filter(bool), max_size=3).map(tuple)


def probes(*, has_port: bool) -> st.SearchStrategy[Probe | None]:
    """A check that an app with or without a port takes, or none."""
    times = {
        "delay_seconds": st.integers(0, 3600),
        "period_seconds": st.integers(1, 600),
        "timeout_seconds": st.integers(1, 600),
        "failures": st.integers(1, 100),
    }
    commands = st.builds(Probe, command=words.filter(bool), **times)
    paths = st.builds(Probe, path=st.none() | st.from_regex(r"/[\x21-\x7e]{0,9}", fullmatch=True), **times)
    return st.none() | (commands | paths if has_port else commands)


autoscaling = st.none() | st.builds(
    lambda least, more, cpu, memory: Autoscaling(least, min(50, least + more), cpu, memory),
    st.integers(1, 50),
    st.integers(0, 49),
    st.integers(1, 200),
    st.none() | st.integers(1, 200),
)


@st.composite
def accepted_specs(draw: st.DrawFn) -> WorkloadSpec:
    """A spec that breaks no rule, its secrets with values."""
    taken = draw(st.lists(variable_names, max_size=6, unique=True))
    public = draw(st.integers(0, len(taken)))
    kind = draw(st.sampled_from(WorkloadKind))
    special = draw(special_fields(kind))
    own = draw(st.none() | resources)
    disks = [each.path for each in special.get("volumes", ())]
    paths = draw(st.lists(file_paths, max_size=4, unique=True).map(lambda found: apart(found, disks)))
    open_to_all = draw(st.integers(0, len(paths)))
    return WorkloadSpec(
        name=draw(names),
        kind=kind,
        image=draw(accepted_references),
        size=None if own else draw(st.sampled_from(WorkloadSize)),
        resources=own,
        environment=tuple(EnvironmentVariable(name, draw(texts)) for name in taken[:public]),
        secrets=tuple(SecretVariable(name, draw(texts)) for name in taken[public:]),
        files=tuple(ConfigFile(path, draw(texts)) for path in paths[:open_to_all]),
        secret_files=tuple(SecretFile(path, draw(texts)) for path in paths[open_to_all:]),
        registry_credentials=draw(st.none() | credentials),
        run_as_user=draw(st.none() | st.integers(1, 2**31 - 1)),
        command=draw(words),
        arguments=draw(words),
        shutdown_seconds=draw(st.integers(1, 600)),
        **special,
    )


@st.composite
def special_fields(draw: st.DrawFn, kind: WorkloadKind) -> dict[str, Any]:
    """The fields that apps of a kind have, and not every app."""
    port = draw(st.none() | st.integers(1, 65535)) if has(kind, "port") else None
    probe = probes(has_port=port is not None)
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "port": st.just(port),
        "replicas": st.integers(0, 50),
        "surge": st.booleans(),
        "startup": probe,
        "liveness": probe,
        "readiness": probe,
        "volumes": volumes,
        "autoscaling": autoscaling,
        "schedule": schedules,
        "retries": st.integers(0, 20),
        "time_limit_seconds": st.none() | st.integers(1, 604_800),
        "exposure": st.just(ExposureMode.NONE) if port is None else st.sampled_from(ExposureMode),
    }
    return {field: draw(strategies[field]) for field in sorted(profile(kind).fields)}


def with_environment(**values: str) -> WorkloadSpec:
    """The web service with these variables."""
    return replace(WEB, environment=tuple(EnvironmentVariable(name, value) for name, value in values.items()))


def with_secrets(**values: str | None) -> WorkloadSpec:
    """The web service with these secrets."""
    return replace(WEB, secrets=tuple(SecretVariable(name, value) for name, value in values.items()))


def checked(name: str, probe: Probe) -> WorkloadSpec:
    """The web service with a check of that name."""
    check: dict[str, Any] = {name: probe}
    return replace(WEB, **check)


def built(spec: WorkloadSpec, *, revision: int = 1, template_revision: int = 1) -> dict[str, Object]:
    """The objects of `spec` by kind."""
    objects = build(
        spec,
        namespace="ada-4k2m",
        workload_id=WORKLOAD_ID,
        revision=revision,
        template_revision=template_revision,
        secret_values=values_of(spec),
    )
    return {each["kind"]: each for each in objects}


def values_of(spec: WorkloadSpec) -> dict[str, str]:
    """The secret values that `spec` itself has."""
    return {each.name: each.value or "" for each in secrets_of(spec)}


def controller_of(spec: WorkloadSpec) -> Object:
    """What makes the pods of `spec`."""
    return list(built(spec).values())[-1]


def pod_of(spec: WorkloadSpec) -> Object:
    """The specification of a pod of `spec`."""
    pod: Object = pod_from(controller_of(spec))["spec"]
    return pod


def container_of(spec: WorkloadSpec) -> Object:
    """The only container of the pods of `spec`."""
    (container,) = pod_of(spec)["containers"]
    found: Object = container
    return found
