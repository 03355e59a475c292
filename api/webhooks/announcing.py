"""From the timeline to deliveries: what was written down there is queued once for every webhook that listens to it.

An entry of the timeline is written in the transaction that does what it tells of, and is marked in the one that queues
it. So nothing is lost with a process, and replicas share the work: each entry is one's alone while it is locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid5

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.tables import TimelineRow
from api.webhooks.models import Occurrence, WebhookEvent, WebhookLimits
from api.webhooks.outbox import Outbox
from api.workloads.timeline import Details, TimelineKind

MOST_AT_ONCE = 100
_FIRST_REVISION = 1
_EVENTS = {
    TimelineKind.REVISION_APPLIED: WebhookEvent.DEPLOYMENT_STARTED,
    TimelineKind.REVISION_FAILED: WebhookEvent.DEPLOYMENT_FAILED,
    TimelineKind.RUN_STARTED: WebhookEvent.RUN_STARTED,
    TimelineKind.DELETED: WebhookEvent.WORKLOAD_DELETED,
    TimelineKind.RESTORED: WebhookEvent.WORKLOAD_RESTORED,
    TimelineKind.REPAIRED: WebhookEvent.WORKLOAD_REPAIRED,
}
"""What happens to an app; what happens to its namespace is on the timeline alone."""


async def announce(session: AsyncSession, limits: WebhookLimits) -> int:
    """Queue what the timeline tells and nobody has queued yet; how many entries that were, `MOST_AT_ONCE` at most."""
    fresh = select(TimelineRow).where(~TimelineRow.announced).order_by(TimelineRow.at).limit(MOST_AT_ONCE)
    entries = list(await session.scalars(fresh.with_for_update(skip_locked=True)))
    outbox = Outbox(session)
    for entry in entries:
        for occurrence in occurrences_of(entry):
            await outbox.enqueue(
                occurrence,
                event_id=uuid5(entry.id, occurrence.event.value),
                namespace_id=entry.namespace_id,
                since=entry.at,
                limits=limits,
            )
    if entries:
        ids = [entry.id for entry in entries]
        await session.execute(update(TimelineRow).where(TimelineRow.id.in_(ids)).values(announced=True))
    return len(entries)


def occurrences_of(entry: TimelineRow) -> Iterator[Occurrence]:
    """What webhooks are told of an entry; nothing of one that is about no app."""
    event = _EVENTS.get(TimelineKind(entry.kind))
    details = msgspec.convert(entry.details, Details)
    if event is None or details.app is None:
        return
    told = Occurrence(
        event=event,
        at=entry.at,
        workload_id=entry.workload_id,
        app=details.app,
        revision=details.revision,
        message=details.message,
    )
    if event is WebhookEvent.DEPLOYMENT_STARTED and details.revision == _FIRST_REVISION:
        yield msgspec.structs.replace(told, event=WebhookEvent.WORKLOAD_CREATED)
    yield told
