"""Events: what components tell about objects, counted when it is the same again, and kept for an hour.

Source: k8s.io/client-go/tools/record, for how events are counted and combined.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter, deque
from datetime import datetime, timedelta
from typing import NamedTuple

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
_DISTINCT = 10
"""How many messages for one reason are told apart before they are combined."""


class _Series(NamedTuple):
    """What makes two events the same."""

    uid: str
    field_path: str
    type: str
    reason: str
    component: str
    message: str


class EventRecorder:
    """Writes events. At most `_MOST` are kept, the oldest going first."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._series: dict[_Series, Key] = {}
        self._distinct: Counter[_Series] = Counter()
        self._order: deque[tuple[Key, _Series | None]] = deque()

    def restore(self) -> None:
        """Takes charge of the events of an earlier run."""
        found = sorted(self._registry.store.list(EVENTS), key=lambda event: event.get("lastTimestamp") or "")
        self._order.extend((key_of(event), None) for event in found)

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
        """Tells something about an object; nothing is told in a namespace that is gone."""
        now = self._clock.now()
        self._expire(now)
        reference = object_reference(about)
        if field_path:
            reference["fieldPath"] = field_path
        series = self._combined(_Series(reference["uid"], field_path, event_type, reason, component, message))
        with contextlib.suppress(ApiError):
            if not self._count(series, message, now):
                self._create(series, _event(reference, series, host, now))

    def _combined(self, series: _Series) -> _Series:
        """The series of its reason, once there are too many messages for that."""
        alike = series._replace(message="")
        if series in self._series or self._distinct[alike] < _DISTINCT:
            return series
        return series._replace(message="(combined from similar events)")

    def _count(self, series: _Series, message: str, now: datetime) -> bool:
        """Counts an event that is there already."""
        key = self._series.get(series)
        if key is None or self._registry.store.get(EVENTS, key) is None:
            return False

        def again(event: Obj) -> Obj:
            counted = copy(event)
            counted["count"] = event.get("count", 1) + 1
            counted["lastTimestamp"] = timestamp(now)
            counted["message"] = message if series.message == message else f"{series.message}: {message}"
            return counted

        self._registry.change(EVENTS, key, again, for_controller(series.component))
        return True

    def _create(self, series: _Series, event: Obj) -> None:
        namespace = event["metadata"]["namespace"]
        key = key_of(self._registry.create(EVENTS, namespace, event, for_controller(series.component)))
        self._series[series] = key
        self._distinct[series._replace(message="")] += 1
        self._order.append((key, series))

    def _expire(self, now: datetime) -> None:
        """Removes what is too old, or too much."""
        while self._order and (len(self._order) > _MOST or self._is_old(self._order[0][0], now)):
            key, series = self._order.popleft()
            if series is not None:
                self._forget(series)
            with contextlib.suppress(ApiError):
                self._registry.delete(EVENTS, key, DeleteOptions())

    def _forget(self, series: _Series) -> None:
        self._series.pop(series, None)
        alike = series._replace(message="")
        self._distinct[alike] -= 1
        if self._distinct[alike] <= 0:
            del self._distinct[alike]

    def _is_old(self, key: Key, now: datetime) -> bool:
        event = self._registry.store.get(EVENTS, key)
        if event is None:
            return True
        last = event.get("lastTimestamp") or event["metadata"]["creationTimestamp"]
        return now - parse_timestamp(last) > _KEPT


def _event(reference: Obj, series: _Series, host: str, now: datetime) -> Obj:
    namespace = reference.get("namespace", "default")
    return {
        "metadata": {"name": f"{reference['name']}.{uuid.uuid4().hex[:16]}", "namespace": namespace},
        "involvedObject": reference,
        "reason": series.reason,
        "message": series.message,
        "source": {"component": series.component, **({"host": host} if host else {})},
        "firstTimestamp": timestamp(now),
        "lastTimestamp": timestamp(now),
        "eventTime": None,
        "count": 1,
        "type": series.type,
        "reportingComponent": series.component,
        "reportingInstance": host,
    }
