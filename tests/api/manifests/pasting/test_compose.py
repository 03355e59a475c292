"""A service of a compose file as values of the form."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.models import ConfigFile, EnvironmentVariable, Probe, Resources, WorkloadSize
from api.manifests.pasting.models import PasteSource
from api.manifests.pasting.reading import read

FILE = """
version: "3.9"
services:
  build-only:
    build: .
  web:
    image: ghcr.io/ada/engine:2026-11-24
    container_name: engine
    ports: ["127.0.0.1:8080:80", {target: 443, published: 443}]
    environment:
      GREETING: hello
      DEBUG: true
      WORKERS: 4
      HOME:
      SESSION_SECRET: canary
    command: serve --name "a b"
    entrypoint: ["/entry"]
    user: "1000:1000"
    stop_grace_period: 1m30s
    depends_on: [db]
    volumes: ["./data:/data"]
    deploy:
      replicas: 3
      resources: {limits: {cpus: "0.75", memory: 600M}}
      placement: {}
    healthcheck:
      test: ["CMD", "check"]
      interval: 20s
      timeout: 3s
      retries: 4
      start_period: 5s
  db:
    image: postgres:18
volumes: {data: {}}
"""


def test_the_first_service_with_an_image_fills_the_form() -> None:
    pasted = read(FILE)

    assert (PasteSource.COMPOSE, "web", "ghcr.io/ada/engine:2026-11-24", 80, 3) == (
        pasted.source,
        pasted.name,
        pasted.image,
        pasted.port,
        pasted.replicas,
    )
    assert (("/entry",), ("serve", "--name", "a b")) == (pasted.command, pasted.arguments)
    assert (WorkloadSize.L, 1000, 90) == (pasted.size, pasted.run_as_user, pasted.shutdown_seconds)


def test_variables_are_texts_and_secrets_are_apart() -> None:
    pasted = read(FILE)

    assert (
        EnvironmentVariable("GREETING", "hello"),
        EnvironmentVariable("DEBUG", "true"),
        EnvironmentVariable("WORKERS", "4"),
    ) == pasted.environment
    assert ["SESSION_SECRET"] == [each.name for each in pasted.secrets]
    assert "canary" not in str(pasted.left_out)


def test_a_health_check_is_a_readiness_probe() -> None:
    expected = Probe(command=("check",), delay_seconds=5, period_seconds=20, timeout_seconds=3, failures=4)

    assert expected == read(FILE).readiness


def test_what_fits_no_field_is_listed() -> None:
    assert {
        "services.build-only",
        "services.db",
        "services.web.ports.1",
        "services.web.environment.HOME",
        "services.web.depends_on",
        "services.web.volumes.0 ./data:/data",
        "services.web.deploy.placement",
        "volumes.data",
    } == {each.what for each in read(FILE).left_out}


@pytest.mark.parametrize("variables", ["[A=b, C, {TOKEN: canary}]", "{A: b, C: null, TOKEN: canary}"])
def test_variables_come_as_a_list_or_as_a_map(variables: str) -> None:
    pasted = read(f"services: {{web: {{image: x, environment: {variables}}}}}")

    assert (EnvironmentVariable("A", "b"),) == pasted.environment
    assert ["TOKEN"] == [each.name for each in pasted.secrets]
    assert ["services.web.environment.C"] == [each.what for each in pasted.left_out]


def test_a_file_that_only_builds_is_refused() -> None:
    with pytest.raises(InvalidInput, match="builds none"):
        read("services: {web: {build: .}}")


@pytest.mark.parametrize(
    "service",
    [
        "image: x\n    ports: 80",
        "image: x\n    deploy: 3",
        "image: x\n    healthcheck: yes",
        "image: x\n    command: {a: b}",
    ],
)
def test_what_is_not_written_as_compose_has_it_is_left_out(service: str) -> None:
    assert 1 == len(read(f"services:\n  web:\n    {service}\n").left_out)


def test_configs_whose_content_is_written_out_become_files() -> None:
    pasted = read("""
configs:
  web: {content: "listen 80;"}
  other: {file: ./other.conf}
services:
  web:
    image: nginx
    configs:
    - {source: web, target: /etc/nginx/conf.d/web.conf}
    - web
    - other
""")

    assert (ConfigFile("/etc/nginx/conf.d/web.conf", "listen 80;"), ConfigFile("/web", "listen 80;")) == pasted.files
    assert ["services.web.configs.other"] == [each.what for each in pasted.left_out]


def test_more_than_the_largest_size_is_taken_as_it_is() -> None:
    pasted = read("services: {web: {image: x, cpus: 3, mem_limit: 6g}}")

    assert (None, Resources(1500, 3000, 3072, 6144)) == (pasted.size, pasted.resources)
