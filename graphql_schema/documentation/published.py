"""The schema as tools fetch it: its text, and a version that changes whenever the text does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

VERSION_LENGTH = 16


@dataclass(frozen=True, slots=True)
class PublishedSchema:
    """`sdl` is what the server executes, printed; `version` is the beginning of its SHA-256, in hexadecimal."""

    sdl: str
    version: str

    @classmethod
    def of(cls, sdl: str) -> PublishedSchema:
        return cls(sdl, hashlib.sha256(sdl.encode()).hexdigest()[:VERSION_LENGTH])
