"""Events: what components tell about objects, counted when it is the same again, and kept for an hour."""

from __future__ import annotations

import contextlib
import uuid
from collections import deque
from datetime import datetime, timedelta

from .clock import Clock, parse_timestamp, timestamp
from .deletion import DeleteOptions
from .objects import Key, Obj, copy, key_of, object_reference
from .registry import Registry, for_controller
from .resources import EVENTS
from .status import ApiError

NORMAL = "Normal"
WARNING = "Warning"

_KEPT = timedelta(hours=1)
_MOST = 5000


class EventRecorder:
    """Writes events. At most `_MOST` are kept, the oldest going first."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._series: dict[tuple[str, ...], Key] = {}
        self._order: deque[tuple[Key, tuple[str, ...]]] = deque()

    def restore(self) -> None:
        """Takes charge of the events of an earlier run."""
        found = sorted(self._registry.store.list(EVENTS), key=lambda event: event.get("lastTimestamp") or "")
        for event in found:
            self._order.append((key_of(event), ()))

    def event(
        self,
        about: Obj,
        event_type: str,
        reason: str,
        message: str,
        *,
        component: str,
        host: str = "",
        field_path: str = "",
    ) -> None:
        """Tells something about an object; nothing is told in a namespace that is going away."""
        now = self._clock.now()
        self._expire(now)
        reference = object_reference(about)
        if field_path:
            reference["fieldPath"] = field_path
        series = (reference["uid"], field_path, event_type, reason, message, component)
        with contextlib.suppress(ApiError):
            if not self._count(series, now):
                source = {"component": component, **({"host": host} if host else {})}
                self._create(series, _event(reference, event_type, reason, message, source, now), component)

    def _count(self, series: tuple[str, ...], now: datetime) -> bool:
        """Counts an event that is there already."""
        key = self._series.get(series)
        if key is None or self._registry.store.get(EVENTS, key) is None:
            return False

        def again(event: Obj) -> Obj:
            counted = copy(event)
            counted["count"] = event.get("count", 1) + 1
            counted["lastTimestamp"] = timestamp(now)
            return counted

        self._registry.change(EVENTS, key, again, for_controller(series[-1]))
        return True

    def _create(self, series: tuple[str, ...], event: Obj, component: str) -> None:
        created = self._registry.create(EVENTS, event["metadata"]["namespace"], event, for_controller(component))
        key = key_of(created)
        self._series[series] = key
        self._order.append((key, series))

    def _expire(self, now: datetime) -> None:
        """Removes what is too old, or too much."""
        while self._order and (len(self._order) > _MOST or self._is_old(self._order[0][0], now)):
            key, series = self._order.popleft()
            self._series.pop(series, None)
            with contextlib.suppress(ApiError):
                self._registry.delete(EVENTS, key, DeleteOptions())

    def _is_old(self, key: Key, now: datetime) -> bool:
        event = self._registry.store.get(EVENTS, key)
        if event is None:
            return True
        last = event.get("lastTimestamp") or event["metadata"]["creationTimestamp"]
        return now - parse_timestamp(last) > _KEPT


def _event(reference: Obj, event_type: str, reason: str, message: str, source: Obj, now: datetime) -> Obj:
    namespace = reference.get("namespace", "default")
    return {
        "metadata": {"name": f"{reference['name']}.{uuid.uuid4().hex[:16]}", "namespace": namespace},
        "involvedObject": reference,
        "reason": reason,
        "message": message,
        "source": source,
        "firstTimestamp": timestamp(now),
        "lastTimestamp": timestamp(now),
        "count": 1,
        "type": event_type,
        "reportingComponent": source["component"],
        "reportingInstance": source.get("host", ""),
    }
