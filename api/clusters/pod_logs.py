"""Logs of containers, as the API server hands them on: read up to an end, or followed.

Source of the semantics: `GET /api/v1/namespaces/{namespace}/pods/{name}/log`. `sinceTime` goes to the kubelet in whole
seconds, so that what comes may begin up to a second before the moment that was asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from api.clusters.connection import Connection, path
from api.clusters.objects import Kind
from api.errors import Unreachable

SILENCE_SECONDS = 60.0
"""A followed log that says nothing for so long may hang as well: whoever follows it opens it anew."""
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which part of a container's log. `tail` is of its last lines, `since` the earliest moment, `limit_bytes` where
    the answer is cut, within a line too; `previous` is the run before the present one."""

    namespace: str
    pod: str
    container: str
    previous: bool = False
    timestamps: bool = False
    tail: int | None = None
    since: datetime | None = None
    limit_bytes: int | None = None

    @property
    def path(self) -> str:
        return path(Kind.POD, self.namespace, self.pod, "log")

    def parameters(self) -> dict[str, str]:
        """What stands behind the question mark."""
        given = {
            "container": self.container,
            "previous": "true" if self.previous else None,
            "timestamps": "true" if self.timestamps else None,
            "tailLines": self.tail,
            "sinceTime": None if self.since is None else self.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "limitBytes": self.limit_bytes,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


class PodLogs:
    """The way to logs. Raises NotThere where there is no such pod, ClusterRefused where its container has no such run,
    and Unavailable where the cluster does not answer."""

    def __init__(self, connection: Connection, *, silence: float = SILENCE_SECONDS) -> None:
        self._connection = connection
        self._silence = silence

    async def read(self, query: LogQuery) -> bytes:
        """What there is of it at this moment."""
        return await self._connection.get(query.path, query.parameters())

    @asynccontextmanager
    async def follow(self, query: LogQuery) -> AsyncIterator[AsyncIterator[bytes]]:
        """What there is, and what comes, in pieces as they arrive, until the run ends.

        The pieces raise Unreachable where the connection breaks, and where nothing came for a minute.
        """
        parameters = {**query.parameters(), "follow": "true"}
        async with self._connection.stream(query.path, parameters) as content:
            yield self._pieces(content)

    async def _pieces(self, content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
        try:
            while True:
                async with asyncio.timeout(self._silence):
                    piece = await content.read(_CHUNK)
                if not piece:
                    return
                yield piece
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unreachable("The log breaks off.", part="cluster", detail=str(error) or repr(error)) from error
