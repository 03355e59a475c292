"""Image references, by the grammar of the distribution project:
https://github.com/distribution/reference/blob/main/reference.go."""

from __future__ import annotations

import re

from api.errors import InvalidInput
from api.manifests.models import ImageReference

MAX_LENGTH = 512
_MAX_REPOSITORY = 255
_DEFAULT_REGISTRY = "docker.io"
_OFFICIAL = "library"

# Read alike by Python and by JavaScript with the `v` flag: hyphens in classes are escaped.
_HOST = r"[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?"
_COMPONENT = r"[a-z0-9]+((\.|_|__|[\-]+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}"
_DIGEST = r"sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})"
PATTERN = rf"({_HOST}/)?{_COMPONENT}(/{_COMPONENT})*(:{_TAG})?(@{_DIGEST})?"
"""What the form checks while one types."""

_PARTS = re.compile(rf"(?P<path>[^:@]+(:[0-9]+/[^:@]+)?)(:(?P<tag>{_TAG}))?(@(?P<digest>{_DIGEST}))?")
_WHOLE = re.compile(PATTERN)
EXAMPLE = "ghcr.io/ada/engine:1.4.2"


def parse_image(text: str) -> ImageReference:
    """The parts of a reference, those left out filled in as Docker does: `redis` is `docker.io/library/redis`.

    Raises InvalidInput on path `image`, with a message that says what is wrong with it.
    """
    parts = _PARTS.fullmatch(text) if len(text) <= MAX_LENGTH and _WHOLE.fullmatch(text) else None
    if parts is None:
        raise InvalidInput(_trouble(text), path=("image",), example=EXAMPLE)
    registry, repository = _split(parts["path"])
    if len(repository) > _MAX_REPOSITORY:
        message = f"The part between registry and tag has {len(repository)} characters; {_MAX_REPOSITORY} are allowed."
        raise InvalidInput(message, path=("image",), example=EXAMPLE)
    return ImageReference(registry=registry, repository=repository, tag=parts["tag"], digest=parts["digest"])


def _split(path: str) -> tuple[str, str]:
    """Registry and repository. The first part is a registry where it looks like a host, as in Docker."""
    first, slash, rest = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first.lower() != first):
        return first, rest
    return _DEFAULT_REGISTRY, path if slash else f"{_OFFICIAL}/{path}"


def _trouble(text: str) -> str:
    if not text.strip():
        return "Name the image to run."
    if text != text.strip() or " " in text:
        return "An image reference has no spaces."
    if text.startswith(("http://", "https://")):
        return "An image reference has no http:// in front: start with the registry's name."
    name = text.partition("@")[0]
    if name.rpartition("/")[2].lower() != name.rpartition("/")[2] and ":" not in name.rpartition("/")[2]:
        return "The name of an image is written in lower case; only a tag may have capitals."
    if "@" in text and not re.search(rf"@{_DIGEST}$", text):
        return "A digest is written @sha256: and 64 hexadecimal digits."
    return "This is no image reference: registry/repository:tag, in lower case up to the tag."
