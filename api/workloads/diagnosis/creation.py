"""Why the API server takes no pod of an app: its controller says so, in a condition or in an event."""

from __future__ import annotations

from collections.abc import Iterable

from api.clusters import objects
from api.clusters.admission import quota_refusal
from api.errors import SuggestedFix
from api.namespaces.events import event_of
from api.workloads import troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.models import Evidence, PolicyRefusal, QuotaExhausted

_FAILED_CREATE = "FailedCreate"
_SUCCESSFUL_CREATE = "SuccessfulCreate"


def refused_creation(
    message: str, said: tuple[Evidence, ...], fix: SuggestedFix | None = None
) -> QuotaExhausted | PolicyRefusal:
    """The diagnosis of a refusal, its words in the first piece of evidence."""
    refusal = quota_refusal(said[0].message)
    if refusal is None:
        return PolicyRefusal(message=message, evidence=said)
    return QuotaExhausted(
        message=message,
        evidence=said,
        fix=fix,
        resource=refusal.resource,
        requested=refusal.requested,
        used=refusal.used,
        limit=refusal.limit,
    )


def refused_by_event(
    controller: objects.ObjectMeta, kind: str, events: Iterable[objects.Event]
) -> QuotaExhausted | PolicyRefusal | None:
    """What a StatefulSet or a Job, which have no condition for it, reported last of the pods that it makes."""
    about = (
        event_of(event)
        for event in events
        if (event.involved_object.kind, event.involved_object.name) == (kind, controller.name)
        and event.reason in (_FAILED_CREATE, _SUCCESSFUL_CREATE)
    )
    since = controller.creation_timestamp
    told = [event for event in about if event.last_seen >= since]
    latest = max(told, key=lambda event: (event.last_seen, event.reason == _FAILED_CREATE), default=None)
    if latest is None or latest.reason != _FAILED_CREATE:
        return None
    return refused_creation(troubles.creation_refused(latest.message), (evidence.of_event(latest),))
