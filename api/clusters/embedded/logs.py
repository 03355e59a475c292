"""Logs of pods: lines that an app like this would write.

A line is a function of the container and of the time, so nothing has to be kept, a follower needs no writer, and the
same question has the same answer. Source of the semantics: `GET /api/v1/namespaces/{ns}/pods/{name}/log`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import Clock, Pace, parse_timestamp
from .objects import Key, Obj, key_of
from .requests import flag, whole_number
from .resources import PODS
from .runs import Run, Runs, status_of
from .status import ApiError, bad_request, not_found
from .store import Change, Store

_SLOT = 7.0
_KEPT_SLOTS = 1000
"""How many of the latest request lines there are, as if the log file were rotated."""

_PATHS = ("/", "/healthz", "/api/items", "/api/items/42", "/login", "/static/app.js", "/metrics")
_TRACE = (
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 42, in <module>',
    "    main()",
    '  File "/app/main.py", line 31, in main',
    "    connect(settings.database_url)",
    "ConnectionRefusedError: [Errno 111] Connection refused",
)


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What is asked for. `since` is the earliest line wanted."""

    container: str
    previous: bool = False
    follow: bool = False
    timestamps: bool = False
    tail: int | None = None
    since_seconds: int | None = None
    since: datetime | None = None
    limit_bytes: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str], pod: Obj) -> LogRequest:
        """Raises ApiError 400."""
        since = query.get("sinceTime")
        return cls(
            container=query.get("container") or _only_container(pod),
            previous=flag(query, "previous"),
            follow=flag(query, "follow"),
            timestamps=flag(query, "timestamps"),
            tail=whole_number(query, "tailLines"),
            since_seconds=whole_number(query, "sinceSeconds"),
            since=parse_timestamp(since) if since else None,
            limit_bytes=whole_number(query, "limitBytes"),
        )


def _only_container(pod: Obj) -> str:
    names = [container["name"] for container in pod["spec"]["containers"]]
    if len(names) > 1:
        choices = " ".join(names)
        name = pod["metadata"]["name"]
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{choices}]")
    return str(names[0])


class Logs:
    """Reads and follows logs."""

    def __init__(self, store: Store, clock: Clock, pace: Pace, runs: Runs) -> None:
        self._store = store
        self._runs = runs
        self._clock = clock
        self._slot = timedelta(seconds=max(pace.seconds(_SLOT), 0.01))

    def check(self, pod: Obj, wanted: LogRequest) -> None:
        """Raises ApiError 400 when there is no log to read."""
        name = pod["metadata"]["name"]
        known = [*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())]
        if wanted.container not in {container["name"] for container in known}:
            raise bad_request(f"container {wanted.container} is not valid for pod {name}")
        if self._run(pod, wanted) is not None:
            return
        if wanted.previous:
            raise bad_request(f'previous terminated container "{wanted.container}" in pod "{name}" not found')
        raise _still_waiting(pod, wanted.container)

    async def read(self, pod: Obj, wanted: LogRequest, *, until: asyncio.Event) -> AsyncGenerator[bytes, None]:
        """The lines so far, and with `follow` those to come, until the container ends or `until` is set."""
        run = self._run(pod, wanted)
        if run is None:
            return
        now = self._clock.now()
        left = wanted.limit_bytes
        for line in self._past(run, wanted, now):
            if left is not None:
                line = line[:left]  # noqa: PLW2901 - the limit cuts within a line
                left -= len(line)
            yield line
            if left == 0:
                return
        if wanted.follow and run.ended is None:
            async for line in self._future(run, wanted, key_of(pod), now, until):
                yield line

    def _run(self, pod: Obj, wanted: LogRequest) -> Run | None:
        return self._runs.of(pod, wanted.container, previous=wanted.previous)

    def _past(self, run: Run, wanted: LogRequest, now: datetime) -> list[bytes]:
        since = wanted.since
        if wanted.since_seconds is not None:
            since = now - timedelta(seconds=wanted.since_seconds)
        lines = [
            _format(moment, text, wanted) for moment, text in self._lines(run, now) if since is None or moment >= since
        ]
        return lines[len(lines) - min(wanted.tail, len(lines)) :] if wanted.tail is not None else lines

    async def _future(
        self, run: Run, wanted: LogRequest, key: Key, since: datetime, until: asyncio.Event
    ) -> AsyncIterator[bytes]:
        changed = asyncio.Event()

        def on_change(change: Change) -> None:
            if change.resource is PODS and key_of(change.obj) == key:
                changed.set()

        with self._store.listening(on_change):
            while not until.is_set():
                state = self._state(run, wanted, key)
                now = self._clock.now()
                for moment, text in self._lines(state or run, now, after=since):
                    yield _format(moment, text, wanted)
                if state is None or state.ended is not None:
                    return
                since = now
                await _first_of(changed, until, timeout=self._slot.total_seconds())
                changed.clear()

    def _state(self, run: Run, wanted: LogRequest, key: Key) -> Run | None:
        """How far a run is by now, also where another one has begun since; None where its pod is gone."""
        pod = self._store.get(PODS, key)
        if pod is None:
            return None
        states = (self._runs.of(pod, wanted.container, previous=each) for each in (False, True))
        return next((state for state in states if state is not None and state.identity == run.identity), None)

    def _lines(self, run: Run, now: datetime, after: datetime | None = None) -> Iterator[tuple[datetime, str]]:
        """In the order of their moments."""
        end = run.ended or now
        if after is None or after <= run.started + self._slot:
            yield from _between(self._startup(run), after, end)
        yield from _between(self._requests(run, end, after), after, end)
        if run.ended is not None and run.exit_code and (after is None or after < run.ended):
            yield from ((run.ended, text) for text in _TRACE)

    def _startup(self, run: Run) -> Iterator[tuple[datetime, str]]:
        """What it says at its start, before the first slot of requests."""
        texts = (
            f"INFO  Starting {run.name}",
            "INFO  Configuration read from the environment",
            "INFO  Connecting to the database" if run.exit_code else "INFO  Listening on 0.0.0.0",
        )
        return ((run.started + self._slot * index / 60, text) for index, text in enumerate(texts))

    def _requests(self, run: Run, end: datetime, after: datetime | None) -> Iterator[tuple[datetime, str]]:
        """One line a slot, somewhere in the slot."""
        last = int((end - run.started) / self._slot)
        first = max(1, last - _KEPT_SLOTS)
        if after is not None:
            first = max(first, int((after - run.started) / self._slot))
        for slot in range(first, last + 1):
            digest = hashlib.sha256(f"{run.identity}/{slot}".encode()).digest()
            moment = run.started + self._slot * (slot + digest[0] / 256)
            status = 500 if digest[3] == 0 else 404 if digest[3] < 6 else 200  # noqa: PLR2004 - bytes of chance
            path = _PATHS[digest[1] % len(_PATHS)]
            yield moment, f'INFO  10.244.{digest[4]}.{digest[5]} "GET {path} HTTP/1.1" {status} {digest[2] % 90 + 1}ms'


def _between(
    lines: Iterator[tuple[datetime, str]], after: datetime | None, end: datetime
) -> Iterator[tuple[datetime, str]]:
    return ((moment, text) for moment, text in lines if moment <= end and (after is None or moment > after))


def _format(moment: datetime, text: str, wanted: LogRequest) -> bytes:
    prefix = f"{moment.strftime('%Y-%m-%dT%H:%M:%S.%f')}000Z " if wanted.timestamps else ""
    return f"{prefix}{text}\n".encode()


async def _first_of(*events: asyncio.Event, timeout: float) -> None:
    """Waits for any of the events, no longer than `timeout` seconds."""
    tasks = [asyncio.create_task(event.wait(), name="log follower") for event in events]
    try:
        await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _still_waiting(pod: Obj, container: str) -> ApiError:
    name = pod["metadata"]["name"]
    status = status_of(pod, container)
    if status is None:
        return (
            bad_request(f"pod {name} does not have a host assigned")
            if not pod["spec"].get("nodeName")
            else not_found(PODS, name)
        )
    reason = (status["state"].get("waiting") or {}).get("reason", "ContainerCreating")
    why = {
        "ErrImagePull": "image can't be pulled",
        "ImagePullBackOff": "trying and failing to pull image",
    }.get(reason, reason)
    return bad_request(f'container "{container}" in pod "{name}" is waiting to start: {why}')
