"""Image references, by the grammar of the distribution project:
https://github.com/distribution/reference/blob/main/reference.go.

Stricter in one thing: a registry has a dot or a port in it, or is `localhost`. Docker takes `Ada/engine` for the image
`engine` of a registry called `Ada`; that is a slip of the shift key, and is said to be one.
"""

from __future__ import annotations

import re

from api.errors import InvalidInput
from api.manifests.models import ImageReference

MAX_LENGTH = 512
_MAX_REPOSITORY = 255
DOCKER_HUB = "docker.io"
_ALSO_DOCKER_HUB = frozenset({"index.docker.io"})
_OFFICIAL = "library"

# Read alike by Python and by JavaScript with the `v` flag: hyphens in classes are escaped.
_LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?"
_PORT = r"(:[0-9]{1,5})"
HOST = rf"({_LABEL}(\.{_LABEL})+{_PORT}?|{_LABEL}{_PORT}|localhost)"
_COMPONENT = r"[a-z0-9]+((\.|_|__|[\-]+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}"
_DIGEST = r"sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})"
PATTERN = rf"({HOST}/)?{_COMPONENT}(/{_COMPONENT})*(:{_TAG})?(@{_DIGEST})?"
"""What the form checks while one types."""

_PARTS = re.compile(rf"(?P<path>[^:@]+(:[0-9]+/[^:@]+)?)(:(?P<tag>{_TAG}))?(@(?P<digest>{_DIGEST}))?")
_WHOLE = re.compile(PATTERN)
_ENDS_IN_DIGEST = re.compile(rf"@{_DIGEST}\Z")
_ID = re.compile(r"[0-9a-f]{64}")
EXAMPLE = "ghcr.io/ada/engine:1.4.2"


def parse_image(text: str) -> ImageReference:
    """The parts of a reference, those left out filled in as Docker does: `redis` is `docker.io/library/redis`.

    Raises InvalidInput on path `image`, with a message that says what is wrong with it.
    """
    parts = _PARTS.fullmatch(text) if len(text) <= MAX_LENGTH and _WHOLE.fullmatch(text) else None
    if parts is None or _ID.fullmatch(text):
        raise _refusal(_trouble(text))
    registry, repository = _split(parts["path"])
    if len(repository) > _MAX_REPOSITORY:
        raise _refusal(
            f"The part between registry and tag has {len(repository)} characters; {_MAX_REPOSITORY} are allowed."
        )
    return ImageReference(registry=registry, repository=repository, tag=parts["tag"], digest=parts["digest"])


def _split(path: str) -> tuple[str, str]:
    """Registry and repository. The first part is a registry where it looks like a host, as in Docker; a repository of
    Docker Hub without an owner is an official one."""
    first, slash, rest = path.partition("/")
    is_host = slash and ("." in first or ":" in first or first == "localhost")
    registry, repository = (registry_named(first), rest) if is_host else (DOCKER_HUB, path)
    if registry != DOCKER_HUB:
        return registry, repository
    return registry, repository if "/" in repository else f"{_OFFICIAL}/{repository}"


def registry_named(host: str) -> str:
    """The one name of a registry that goes by several."""
    return DOCKER_HUB if host in _ALSO_DOCKER_HUB else host


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(message, path=("image",), example=EXAMPLE)


def _trouble(text: str) -> str:
    """What is wrong with it, the likeliest mistake first."""
    mistakes = (
        (not text.strip(), "Name the image to run."),
        (len(text) > MAX_LENGTH, f"An image reference has {MAX_LENGTH} characters at most; this one has {len(text)}."),
        (re.search(r"\s", text), "An image reference has no spaces."),
        ("://" in text, "An image reference has no http:// in front: start with the registry's name."),
        (_ID.fullmatch(text), "This is an image's id, known to the machine that has it only. Name its repository."),
        ("@" in text and not _ENDS_IN_DIGEST.search(text), "A digest is written @sha256: and 64 hexadecimal digits."),
        (_WHOLE.fullmatch(_lowered(text)), "An image's name is in lower case; only its tag may have capitals."),
    )
    unclear = "This is no image reference: registry/repository:tag, in lower case up to the tag."
    return next((message for is_made, message in mistakes if is_made), unclear)


def _lowered(text: str) -> str:
    """The reference with all but tag and digest in lower case."""
    name, at, digest = text[:MAX_LENGTH].partition("@")
    path, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    return f"{path}{slash}{last}".lower() + f"{colon}{tag}{at}{digest}"
