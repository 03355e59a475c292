"""Events as the graph serves them, derived from what the Store holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from api.clusters import objects
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.database.searching import check_text, contains
from api.namespaces.models import EVERY_EVENT, Event, EventFilter, EventType


def event_of(event: objects.Event) -> Event:
    """The model of one event, whether written by the old API (counted) or the new one (a series)."""
    return Event(
        uid=event.metadata.uid,
        namespace=event.metadata.namespace or "",
        type=EventType.WARNING if event.type == "Warning" else EventType.NORMAL,
        reason=event.reason or "",
        message=event.message or "",
        count=event.count or 1,
        first_seen=event.first_timestamp or event.event_time or event.metadata.creation_timestamp,
        last_seen=event.last_timestamp or event.event_time or event.metadata.creation_timestamp,
        regarding_kind=event.involved_object.kind,
        regarding_name=event.involved_object.name,
    )


def newest_first(
    events: Iterable[objects.Event], request: PageRequest, filter: EventFilter = EVERY_EVENT
) -> Page[Event]:
    """A page of those `events` that `filter` lets in, by when they were last seen. Raises InvalidInput."""
    check_text(filter.text)
    shown = [each for each in map(event_of, events) if _is_shown(each, filter)]
    return page_of(shown, key=_age, request=request)


def _is_shown(event: Event, filter: EventFilter) -> bool:
    if filter.types and event.type not in filter.types:
        return False
    return not filter.text or contains(filter.text, event.reason, event.message, event.regarding_name)


def of_workload(name: str, events: Iterable[objects.Event]) -> list[objects.Event]:
    """The events about a workload's objects: its own, those of its ReplicaSets and those of their pods."""
    names = {
        kind: re.compile(f"{_PREFIXES.get(kind, '')}{re.escape(name)}{suffix}") for kind, suffix in _SUFFIXES.items()
    }
    return [event for event in events if _names_one(event.involved_object, names)]


# As the controllers name what they make: a hash for a ReplicaSet, a number for a Job, five more characters for their
# pods; a number for a StatefulSet's. None has a dash, so that what is made for `web` is told from that for `web-admin`.
_SUFFIXES = {
    **dict.fromkeys(("Deployment", "StatefulSet", "CronJob", "Service", "Secret"), ""),
    **dict.fromkeys(("ReplicaSet", "Job"), "-[a-z0-9]+"),
    "Pod": r"-([a-z0-9]+-[a-z0-9]+|[0-9]{1,2})",
    "PersistentVolumeClaim": r"-[0-9]{1,2}",
}
_PREFIXES = {"PersistentVolumeClaim": "[a-z0-9]+-"}


def _names_one(regarding: objects.ObjectReference, names: Mapping[str, re.Pattern[str]]) -> bool:
    pattern = names.get(regarding.kind)
    return pattern is not None and pattern.fullmatch(regarding.name) is not None


def _age(event: Event) -> Key:
    return -event.last_seen.timestamp(), event.uid
