"""What images do here: nothing is pulled or run, so the name decides.

A tag `broken` never pulls, a tag `private` only with credentials of its registry, and a tag `crash` exits soon after it
started, so that failures can be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BROKEN_TAG = "broken"
CRASH_TAG = "crash"
PRIVATE_TAG = "private"

# Official images that run as root unless told otherwise.
_RUN_AS_ROOT = frozenset({"nginx", "httpd", "redis", "postgres", "mysql", "mariadb"})
_UNPRIVILEGED = "unprivileged"
_REFERENCE = re.compile(r"[a-z0-9]+([._:/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Image:
    """A reference as it was written, and its parts."""

    reference: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, reference: str) -> Image:
        name = reference.partition("@")[0]
        head, slash, last = name.rpartition("/")
        base, _, tag = last.partition(":")
        return cls(reference, f"{head}{slash}{base}", tag)

    @property
    def is_valid(self) -> bool:
        return _REFERENCE.fullmatch(self.reference) is not None

    @property
    def never_pulls(self) -> bool:
        return self.tag == BROKEN_TAG

    @property
    def is_private(self) -> bool:
        return self.tag == PRIVATE_TAG

    @property
    def crashes(self) -> bool:
        return self.tag == CRASH_TAG

    @property
    def runs_as_root(self) -> bool:
        basename = self.repository.rpartition("/")[2]
        return basename in _RUN_AS_ROOT and _UNPRIVILEGED not in self.reference

    @property
    def canonical(self) -> str:
        """With registry and tag, as the container runtime prints it."""
        registry, slash, _ = self.repository.partition("/")
        repository = self.repository
        if not slash:
            repository = f"docker.io/library/{repository}"
        elif "." not in registry and ":" not in registry and registry != "localhost":
            repository = f"docker.io/{repository}"
        digest = self.reference.partition("@")[2]
        return f"{repository}@{digest}" if digest else f"{repository}:{self.tag or 'latest'}"
