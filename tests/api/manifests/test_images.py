"""Image references: the grammar of the distribution project, its defaults, and messages that name the mistake."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.manifests.images import MAX_LENGTH, parse_image
from api.manifests.models import ImageReference
from tests.api.manifests.specs import bounded, references

SHA_256 = "sha256:" + "0123456789abcdef" * 4
SHA_512 = "sha512:" + "0123456789abcdef" * 8


def mistakes_in(text: str) -> list[str]:
    """What is said of the reference; nothing where it is one."""
    try:
        parse_image(text)
    except InvalidInput as refusal:
        return [refusal.message]
    return []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("redis", ImageReference("docker.io", "library/redis")),
        ("redis:7.4-alpine", ImageReference("docker.io", "library/redis", "7.4-alpine")),
        ("docker.io/redis", ImageReference("docker.io", "library/redis")),
        ("index.docker.io/redis", ImageReference("docker.io", "library/redis")),
        ("ada/engine", ImageReference("docker.io", "ada/engine")),
        ("ghcr.io/ada/engine:1.4.2", ImageReference("ghcr.io", "ada/engine", "1.4.2")),
        ("localhost/engine", ImageReference("localhost", "engine")),
        ("localhost:5000/engine", ImageReference("localhost:5000", "engine")),
        ("registry:5000/ada/engine:2", ImageReference("registry:5000", "ada/engine", "2")),
        ("Registry.Example/engine:RC_1", ImageReference("Registry.Example", "engine", "RC_1")),
        (f"redis@{SHA_256}", ImageReference("docker.io", "library/redis", None, SHA_256)),
        (f"ghcr.io/a/b:1@{SHA_512}", ImageReference("ghcr.io", "a/b", "1", SHA_512)),
        ("a/b__c/d--e/f.g", ImageReference("docker.io", "a/b__c/d--e/f.g")),
    ],
)
def test_a_reference_is_split_and_filled_in_as_docker_does(text: str, expected: ImageReference) -> None:
    assert expected == parse_image(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Name the image"),
        ("  ", "Name the image"),
        ("redis 7", "no spaces"),
        ("redis\n", "no spaces"),
        ("https://ghcr.io/ada/engine", "http://"),
        ("Redis", "lower case"),
        ("Redis:7", "lower case"),
        ("Ada/engine", "lower case"),
        ("ghcr.io/Ada/engine:1", "lower case"),
        (f"ghcr.io/Ada/engine@{SHA_256}", "lower case"),
        ("redis@sha256:12", "digest"),
        ("redis@" + SHA_256.upper(), "digest"),
        (f"redis@{SHA_256}\n", "no spaces"),
        ("0123456789abcdef" * 4, "image's id"),
        ("a" * (MAX_LENGTH + 1), str(MAX_LENGTH)),
        ("a" * 256, "255"),
        ("redis:", "no image reference"),
        ("redis:" + "a" * 129, "no image reference"),
        ("-redis", "no image reference"),
        ("ada//engine", "no image reference"),
        ("/engine", "no image reference"),
        ("registry:port/engine", "no image reference"),
        ("redïs", "no image reference"),
        ("redis:٣", "no image reference"),
    ],
)
def test_a_refusal_names_the_mistake_and_an_example(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_image(text)

    assert said in refused.value.message
    assert ("image",) == refused.value.path
    assert refused.value.example is not None
    assert [] == mistakes_in(refused.value.example)


@bounded
@given(references)
def test_what_the_form_accepts_is_parsed_and_means_itself_when_written_out(text: str) -> None:
    assume(not mistakes_in(text))

    reference = parse_image(text)

    assert reference == parse_image(str(reference))


@bounded
@given(references)
def test_the_server_refuses_no_more_than_the_form_but_overlong_repositories_and_ids(text: str) -> None:
    for message in mistakes_in(text):
        assert "255" in message or "image's id" in message


@bounded
@given(st.text(max_size=80) | st.text("aA0./:@-_ ", max_size=40))
def test_any_text_is_parsed_or_refused_and_nothing_else_happens(text: str) -> None:
    for message in mistakes_in(text):
        assert message.endswith(".")
