"""A `docker run` line as values of the form."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.models import EnvironmentVariable, Probe, SecretVariable, WorkloadSize
from api.manifests.pasting.models import Pasted, PasteSource
from api.manifests.pasting.reading import read

LINE = r"""
sudo docker run -dit --rm --name web \
  -p 127.0.0.1:8080:80 -p 443:443 -e GREETING=a=b --env="DB_PASSWORD=x y" -e HOME \
  --env-file .env --restart=always -v /data:/data --memory 512m --cpus .5 -u 1000:1000 \
  --stop-timeout 20 --entrypoint /serve ghcr.io/ada/engine:1.4 --verbose "two words"
"""


def left_out(pasted: Pasted) -> list[str]:
    return [each.what for each in pasted.left_out]


def test_a_line_fills_the_form() -> None:
    pasted = read(LINE)

    assert (PasteSource.DOCKER_RUN, "web", "ghcr.io/ada/engine:1.4", 80) == (
        pasted.source,
        pasted.name,
        pasted.image,
        pasted.port,
    )
    assert (EnvironmentVariable("GREETING", "a=b"),) == pasted.environment
    assert (WorkloadSize.M, 1000, 20) == (pasted.size, pasted.run_as_user, pasted.shutdown_seconds)
    assert (("/serve",), ("--verbose", "two words")) == (pasted.command, pasted.arguments)


def test_what_fits_no_field_is_listed_with_its_reason() -> None:
    pasted = read(LINE)

    assert [
        "--publish 443:443",
        "--env HOME",
        "--env-file .env",
        "--restart always",
        "--volume /data:/data",
    ] == left_out(pasted)
    assert all(each.why for each in pasted.left_out)


def test_a_variable_that_is_named_like_a_secret_becomes_one() -> None:
    pasted = read("docker run -e API_KEY=1 -e TOKEN=2 -e MONKEY=3 -e KEYBOARD=4 -e PGPASSWORD=5 x")

    assert ["API_KEY", "TOKEN", "PGPASSWORD"] == [each.name for each in pasted.secrets]
    assert ["MONKEY", "KEYBOARD"] == [each.name for each in pasted.environment]
    assert (SecretVariable("API_KEY", "1")) == pasted.secrets[0]


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("docker run -p8080:80 x", 80),
        ("docker run -p 80 x", 80),
        ("docker run --publish=8080:80/tcp x", 80),
        ("docker run -p 53:53/udp -p 80:8000 x", 8000),
        ("podman container run --expose 9000 x", 9000),
        ("docker run x", None),
        ("docker run -p 8000-8010:8000-8010 x", None),
    ],
)
def test_the_port_is_the_one_in_the_container(line: str, port: int | None) -> None:
    assert port == read(line).port


def test_flags_of_the_command_are_its_own() -> None:
    pasted = read("docker run busybox sh -c 'echo -p 1' --name other")

    assert ("busybox", None, ("sh", "-c", "echo -p 1", "--name", "other")) == (
        pasted.image,
        pasted.name,
        pasted.arguments,
    )


def test_a_health_check_is_a_readiness_probe() -> None:
    pasted = read("docker run --health-cmd 'curl -f localhost' --health-interval 1m30s --health-retries 5 x")

    expected = Probe(command=("sh", "-c", "curl -f localhost"), period_seconds=90, timeout_seconds=30, failures=5)
    assert expected == pasted.readiness
    assert [] == left_out(pasted)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("docker run", "names no image"),
        ("docker run -p 80:80", "names no image"),
        ("docker run -e 'A=b x", "a quote is not closed"),
    ],
)
def test_a_line_that_runs_nothing_is_refused(line: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        read(line)

    assert ("text",) == refused.value.path


@pytest.mark.parametrize("line", ["docker run -u 9" + "9" * 5000 + " x", "docker run -p " + "1" * 5000 + " x"])
def test_numbers_beyond_measure_are_left_out(line: str) -> None:
    assert 1 == len(read(line).left_out)
