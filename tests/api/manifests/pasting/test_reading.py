"""Text from strangers: read, or refused with a reason; never believed, and never run."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.pasting.reading import MOST_BYTES, read

LAUGHS = "a: &a [x]\nb: &b [*a, *a]\nservices: {web: {image: x, command: *b}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is no"),
        ("hello", "This is no"),
        ("- a\n- b\n", "This is no"),
        ("FROM nginx\nRUN true", "This is no|cannot be read"),
        (LAUGHS, "Anchors and aliases"),
        ("services: {web: {image: !!python/object/apply:os.system [id]}}", "cannot be read as YAML in line 1"),
        ("services:\n  web: {image: x, image: y}", "line 2: 'image' is given twice"),
        ("[" * 40 + "]" * 40, "nested deeper"),
        ("---\n" * 60, "more than 50 documents"),
        ("a: b: c", "cannot be read as YAML in line 1"),
        ("services: {web: {image: 'x\0'}}", "cannot be read as YAML"),
        ("? [a]\n: b\n", "a key is no text"),
        ("x" * (MOST_BYTES + 1), "longer than 64 KiB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        read(text)

    assert ("text",) == refused.value.path


def test_half_a_character_is_no_crash() -> None:
    with pytest.raises(InvalidInput):
        read("\ud800")


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: %(replicas)s
  template:
    spec:
      containers:
      - {name: app, image: nginx, ports: [{containerPort: %(port)s}], resources: {limits: {cpu: %(cpu)s, memory: 1Gi}}}
"""
USUAL = {"replicas": "2", "port": "80", "cpu": "1"}


@pytest.mark.parametrize(
    "odd",
    [
        *({"cpu": cpu} for cpu in ("1e400", "-1", "9" * 400)),
        *({"port": port} for port in ("true", "-1", "9" * 30)),
        *({"replicas": replicas} for replicas in ("true", "-1", "9" * 30)),
    ],
    ids=lambda odd: str(odd)[:20],
)
def test_a_number_that_no_field_takes_is_left_out(odd: dict[str, str]) -> None:
    app = read(DEPLOYMENT % {**USUAL, **odd})

    numbers = {"replicas": app.replicas, "port": app.port}
    assert {field: int(USUAL[field]) for field in numbers if field not in odd} == {
        field: value for field, value in numbers.items() if value is not None
    }
    assert "replicas" in odd or app.left_out


@pytest.mark.parametrize("options", ["--cpus=1e999", "--memory=1" + "0" * 5000 + "g", "--cpus=-1"])
def test_an_option_that_says_no_amount_is_left_out(options: str) -> None:
    app = read(f"docker run {options} nginx")

    assert (None, None) == (app.size, app.resources)
    assert app.left_out
