"""What a namespace may be called, and the name that the cluster knows it by."""

from __future__ import annotations

import re
import secrets

from api.errors import InvalidInput

MAX_LENGTH = 63
"""Of a DNS label (RFC 1123), which is what Kubernetes takes as the name of a namespace."""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_RESERVED = re.compile(r"default|moorage(-.*)?|kube(-.*)?|openshift(-.*)?")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32 of RFC 4648, in lower case
_SUFFIX_LENGTH = 6


def check_name(name: str) -> None:
    """Raises InvalidInput, on path `name`, unless `name` is a DNS label and not one of the cluster's own."""
    if len(name) > MAX_LENGTH or not _LABEL.fullmatch(name):
        raise InvalidInput(
            f"A namespace's name has 1 to {MAX_LENGTH} lower-case letters, digits and dashes, "
            "and begins and ends with a letter or a digit.",
            path=("name",),
            example="team-a",
        )
    if _RESERVED.fullmatch(name):
        raise InvalidInput(
            f"The name {name!r} is reserved for the cluster and the platform. Choose another.",
            path=("name",),
            example="team-a",
        )


def new_slug(name: str) -> str:
    """A name for the cluster: `name`, cut where it is too long, and a random suffix.

    The suffix keeps a taken name from telling anyone about other people's namespaces.
    """
    suffix = "".join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX_LENGTH))
    return f"{name[: MAX_LENGTH - _SUFFIX_LENGTH - 1].rstrip('-')}-{suffix}"
