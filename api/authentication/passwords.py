"""Passwords: which are accepted, and how they are kept (argon2id, RFC 9106)."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.errors import InvalidInput

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_NICE = 10
_COMMON = frozenset(
    {
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "qwertyuiop12",
        "qwertyuiopas",
        "iloveyou1234",
        "adminadmin12",
        "administrator",
        "letmeinletmein",
        "welcome12345",
        "changeme1234",
        "moorage12345",
    }
)


def check_password(password: str, *, email: str) -> None:
    """Raises InvalidInput, naming the field and the way out, for a password that would be guessed."""
    if len(password) < MINIMUM_LENGTH:
        message = f"A password needs {MINIMUM_LENGTH} characters or more. Four unrelated words make a good one."
        raise InvalidInput(message, path=("password",), example="harbour-cedar-violin-tuesday")
    if len(password) > MAXIMUM_LENGTH:
        raise InvalidInput(f"A password may have {MAXIMUM_LENGTH} characters at most.", path=("password",))
    lowered = password.lower()
    if lowered in _COMMON or len(set(lowered)) == 1 or lowered in (email, email.split("@", maxsplit=1)[0]):
        message = "That password is one of the first that would be tried. Take another."
        raise InvalidInput(message, path=("password",), example="harbour-cedar-violin-tuesday")


class Passwords:
    """Hashes and verifies on one thread of its own: 64 MiB and tenths of a second each, one after the other, so that
    any number of log-ins slows down log-ins only."""

    def __init__(self, worker: ThreadPoolExecutor, *, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> None:
        self._worker = worker
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        # The worker's first task: nobody waits for it, and whatever comes after it finds it done.
        self._nobody = worker.submit(self._hasher.hash, "no password of anybody")

    @classmethod
    @contextmanager
    def open(cls, *, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> Iterator[Passwords]:
        """Passwords with a worker thread that ends with the block. Memory in KiB."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords", initializer=_give_way) as worker:
            yield cls(worker, memory_kib=memory_kib, passes=passes)

    async def hash(self, password: str) -> str:
        """What is stored for `password`."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the stored one. Where nothing is stored it takes as long, and is False."""
        matches = await asyncio.get_running_loop().run_in_executor(self._worker, self._verify, stored, password)
        return matches and stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether it was stored with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._nobody.result(), password)
        except (VerificationError, InvalidHashError):
            return False


def _give_way() -> None:
    """Run after everything else that is ready: on Linux niceness is a thread's own (setpriority(2), "C library/kernel
    differences"), so that a few cores full of log-ins still answer other requests at once."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
