"""Events as they are served."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from api.clusters import objects
from api.database.pages import PageRequest
from api.namespaces.events import event_of, newest_first, of_workload
from api.namespaces.models import EventType


def event(kind: str = "Pod", name: str = "web-abc-xyz", *, uid: str = "1", **more: Any) -> objects.Event:
    metadata = {
        "name": f"event-{uid}",
        "namespace": "shop-abc234",
        "uid": uid,
        "resourceVersion": "1",
        "creationTimestamp": "2026-11-23T12:00:00Z",
    }
    document = {"metadata": metadata, "involvedObject": {"kind": kind, "name": name}, **more}
    return msgspec.convert(document, objects.Event, strict=False)


@pytest.mark.parametrize(
    ("kind", "name", "is_of_web"),
    [
        ("Deployment", "web", True),
        ("ReplicaSet", "web-6d4cf56db6", True),
        ("Pod", "web-6d4cf56db6-x7k2p", True),
        ("Deployment", "web-admin", False),
        ("ReplicaSet", "web-admin-6d4cf56db6", False),
        ("Pod", "web-admin-6d4cf56db6-x7k2p", False),
        ("Pod", "web", False),
        ("Node", "web", False),
    ],
)
def test_an_apps_events_are_told_from_those_of_an_app_of_a_longer_name(
    kind: str, name: str, *, is_of_web: bool
) -> None:
    assert is_of_web == bool(of_workload("web", [event(kind, name)]))


def test_a_counted_event_carries_its_count_and_times() -> None:
    found = event_of(
        event(type="Warning", count=7, firstTimestamp="2026-11-23T11:00:00Z", lastTimestamp="2026-11-23T11:30:00Z")
    )

    assert (EventType.WARNING, 7, 11, 30) == (found.type, found.count, found.first_seen.hour, found.last_seen.minute)


def test_an_event_of_the_new_api_carries_its_one_time() -> None:
    found = event_of(event(type="Normal", eventTime="2026-11-23T11:00:00.123456Z"))

    assert found.first_seen == found.last_seen
    assert (1, 11) == (found.count, found.last_seen.hour)


def test_the_newest_come_first() -> None:
    events = [event(uid=str(hour), lastTimestamp=f"2026-11-23T{hour}:00:00Z") for hour in (10, 12, 11)]

    page = newest_first(events, PageRequest(first=2))
    rest = newest_first(events, PageRequest(first=2, after=page.cursors[-1]))

    assert (["12", "11"], ["10"]) == ([each.uid for each in page.items], [each.uid for each in rest.items])
