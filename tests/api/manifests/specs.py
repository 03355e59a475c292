"""Specs to try: one that everybody knows, and every one that the form takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from api.manifests import images
from api.manifests.builder import Object, build
from api.manifests.models import EnvironmentVariable, Probe, SecretVariable, WorkloadSize, WorkloadSpec

WORKLOAD_ID = UUID("5b0f2c9e-3c1d-4f5a-9a64-0d5d3f1c7a11")
WEB = WorkloadSpec(name="web", image="registry.example/web:1", port=8080, replicas=3)

bounded = settings(max_examples=100, deadline=None)

names = st.from_regex(r"[a-z]([a-z0-9\-]{0,44}[a-z0-9])?", fullmatch=True)
references = st.from_regex(images.PATTERN, fullmatch=True).filter(lambda text: len(text) <= images.MAX_LENGTH)
variable_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


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


@st.composite
def accepted_specs(draw: st.DrawFn) -> WorkloadSpec:
    """A spec that breaks no rule, its secrets with values."""
    taken = draw(st.lists(variable_names, max_size=6, unique=True))
    public = draw(st.integers(0, len(taken)))
    port = draw(st.none() | st.integers(1, 65535))
    probe = probes(has_port=port is not None)
    return WorkloadSpec(
        name=draw(names),
        image=draw(st.sampled_from(["redis", "ghcr.io/ada/engine:1.4.2", f"localhost:5000/x@sha256:{'0' * 64}"])),
        port=port,
        size=draw(st.sampled_from(WorkloadSize)),
        replicas=draw(st.integers(0, 50)),
        environment=tuple(EnvironmentVariable(name, draw(texts)) for name in taken[:public]),
        secrets=tuple(SecretVariable(name, draw(texts)) for name in taken[public:]),
        run_as_user=draw(st.none() | st.integers(1, 2**31 - 1)),
        command=draw(words),
        arguments=draw(words),
        startup=draw(probe),
        liveness=draw(probe),
        readiness=draw(probe),
        shutdown_seconds=draw(st.integers(1, 600)),
        surge=draw(st.booleans()),
    )


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
        secret_values={secret.name: secret.value or "" for secret in spec.secrets},
    )
    return {each["kind"]: each for each in objects}


def container_of(spec: WorkloadSpec) -> Object:
    """The only container of the pods of `spec`."""
    (container,) = built(spec)["Deployment"]["spec"]["template"]["spec"]["containers"]
    found: Object = container
    return found
