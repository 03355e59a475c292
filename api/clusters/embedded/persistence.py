"""The journal on disk: an SQLite file, written by one thread in the order of the writes.

Writes are gathered into transactions, so what is on disk is always the cluster as it was at some moment, also after
the process was killed. An answer to a client waits for `flushed`: what was acknowledged survives.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from . import resources
from .objects import Obj, key_of
from .resources import Resource
from .store import Change, ChangeType

FILE_NAME = "cluster.sqlite3"
RESTART_GAP = 100_000
"""How far resourceVersions jump at a start: further than there can be writes that were seen but not yet on disk."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (resource, namespace, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_PUT = "INSERT OR REPLACE INTO object (resource, namespace, name, body) VALUES (?, ?, ?, ?)"
_DELETE = "DELETE FROM object WHERE resource = ? AND namespace = ? AND name = ?"
_SET = "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)"
_BATCH = 500
_STOP_TIMEOUT = 30.0

_FLUSH_TIMEOUT = 30.0

_Marker: TypeAlias = "asyncio.Future[None]"
_Entry: TypeAlias = "Change | _Marker | dict[str, str] | None"
"""A write, a settings change, somebody who waits for what came before, or the end."""

logger = logging.getLogger(__name__)


class JournalError(Exception):
    """What is written does not reach the disk."""


class DataInUseError(Exception):
    """Another process has the cluster's data open."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an earlier run left: its objects, the resourceVersion to go on from, and its settings."""

    objects: list[tuple[Resource, Obj]]
    resource_version: int
    settings: dict[str, str]


class SqliteJournal:
    """A `Journal` in an SQLite file in `directory`, which only its owner may enter."""

    def __init__(self, connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._queue: queue.SimpleQueue[_Entry] = queue.SimpleQueue()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._write, name="embedded-cluster-journal", daemon=True)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, directory: Path) -> AsyncIterator[tuple[SqliteJournal, Snapshot]]:
        """Raises DataInUseError when another process has it open."""
        connection = await asyncio.to_thread(_connect, directory)
        journal = cls(connection, asyncio.get_running_loop())
        try:
            snapshot = await asyncio.to_thread(_read, connection)
            journal._thread.start()
            yield journal, snapshot
        finally:
            await asyncio.to_thread(journal._stop)

    def record(self, change: Change) -> None:
        self._queue.put(change)

    async def flushed(self) -> None:
        """Raises JournalError when the disk does not take what is written."""
        if self._failure is not None:
            raise JournalError(str(self._failure)) from self._failure
        marker: _Marker = self._loop.create_future()
        self._queue.put(marker)
        async with asyncio.timeout(_FLUSH_TIMEOUT):
            await marker

    async def set(self, **settings: str) -> None:
        """Keeps settings for the next run."""
        self._queue.put(settings)
        await self.flushed()

    def _stop(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(_STOP_TIMEOUT)
        self._connection.close()

    def _write(self) -> None:
        """The thread: one transaction for what has come together meanwhile."""
        entry: _Entry = {}
        while entry is not None:
            batch = [self._queue.get(), *self._waiting()]
            entry = batch[-1]
            try:
                self._commit(batch)
            except sqlite3.Error as error:
                self._failure = self._failure or error
                logger.exception("The embedded cluster cannot write its data; changes will be lost at its end")
            self._acknowledge(batch)

    def _waiting(self) -> Iterator[_Entry]:
        for _ in range(_BATCH):
            try:
                yield self._queue.get_nowait()
            except queue.Empty:
                return

    def _commit(self, batch: list[_Entry]) -> None:
        with self._connection:
            for entry in batch:
                if isinstance(entry, Change):
                    self._execute(entry)
                elif isinstance(entry, dict):
                    self._connection.executemany(_SET, entry.items())

    def _execute(self, change: Change) -> None:
        where = (change.resource.qualified, *key_of(change.obj))
        if change.type is ChangeType.DELETED:
            self._connection.execute(_DELETE, where)
        else:
            self._connection.execute(_PUT, (*where, change.stored.raw))
        self._connection.execute(_SET, ("resourceVersion", str(change.resource_version)))

    def _acknowledge(self, batch: list[_Entry]) -> None:
        markers = [entry for entry in batch if isinstance(entry, asyncio.Future)]
        if markers and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, markers, self._failure)


def _resolve(markers: list[_Marker], failure: Exception | None) -> None:
    for marker in markers:
        if marker.done():
            continue
        if failure is None:
            marker.set_result(None)
        else:
            marker.set_exception(JournalError(str(failure)))


def _connect(directory: Path) -> sqlite3.Connection:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / FILE_NAME
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=1.0, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.OperationalError as error:
        connection.close()
        raise DataInUseError(f"{path} is in use by another process ({error}); stop that one first") from error
    return connection


def _read(connection: sqlite3.Connection) -> Snapshot:
    settings = dict(connection.execute("SELECT name, value FROM setting"))
    objects = [
        (resource, json.loads(body))
        for name, body in connection.execute("SELECT resource, body FROM object")
        if (resource := resources.by_name(name)) is not None
    ]
    stored = int(settings.get("resourceVersion", 0))
    return Snapshot(objects, stored + RESTART_GAP if stored else 0, settings)
