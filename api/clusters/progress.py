"""How far one kind is known, and waiting until it is known further."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class Progress:
    """The resourceVersion up to which a kind is known, and when the cluster last told of it.

    Resource versions of a kind grow, and may be compared as integers:
    https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
    """

    def __init__(self) -> None:
        self._version = -1
        self._waiting: dict[asyncio.Future[None], int] = {}
        self.heard_at: datetime | None = None

    @property
    def version(self) -> int:
        """Up to which it is known; 0 before the first time."""
        return max(self._version, 0)

    @property
    def begun(self) -> bool:
        """Whether the kind was read at least once."""
        return self._version >= 0

    def reached(self, resource_version: str) -> None:
        """It is known up to this version. One lower than before is believed too: a cluster was restored."""
        self._version = int(resource_version)
        self.heard_at = datetime.now(UTC)
        for seen, wanted in self._waiting.items():
            if wanted <= self._version and not seen.done():
                seen.set_result(None)

    async def wait(self, resource_version: str, *, timeout: float) -> bool:
        """Wait until it is known up to a version; False after `timeout` seconds without."""
        wanted = int(resource_version)
        if self._version >= wanted:
            return True
        seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[seen] = wanted
        try:
            async with asyncio.timeout(timeout):
                await seen
        except TimeoutError:
            return False
        finally:
            del self._waiting[seen]
        return True
