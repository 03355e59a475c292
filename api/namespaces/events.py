"""Events as the graph serves them, derived from what the Store holds."""

from __future__ import annotations

from collections.abc import Iterable

from api.clusters import objects
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.namespaces.models import Event, EventType


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


def newest_first(events: Iterable[objects.Event], request: PageRequest) -> Page[Event]:
    """A page of `events`, by when they were last seen."""
    return page_of([event_of(event) for event in events], key=_age, request=request)


def _age(event: Event) -> Key:
    return -event.last_seen.timestamp(), event.uid
