"""What happens to apps of a real namespace, as webhooks are told of it: each once, whatever replica it happens on."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from api.clusters.cluster import Cluster
from api.clusters.election import Term
from api.namespaces.service import NamespaceService
from api.webhooks.models import Webhook, WebhookDraft, WebhookEvent
from api.webhooks.observer import WorkloadObserver
from api.webhooks.service import Edit
from api.workloads.models import WorkloadPhase
from api.workloads.service import WorkloadService
from tests.api.webhooks.hooks import ALL, Hooks
from tests.api.webhooks.receiver import PATIENCE, Receiver
from tests.api.workloads.apps import WEB, Apps

E = WebhookEvent


@pytest.fixture
def apps(hooks: Hooks, workloads: WorkloadService) -> Apps:
    return Apps(workloads, hooks.ada, hooks.shop)


@pytest.fixture
def observer(hooks: Hooks, cluster: Cluster, workloads: WorkloadService) -> WorkloadObserver:
    return WorkloadObserver(hooks.database, cluster, workloads, hooks.limits)


async def queued(hooks: Hooks, webhook: Webhook) -> Counter[WebhookEvent]:
    """How often a webhook is told of each event."""
    await hooks.announce()
    return Counter(each.occurrence.event for each in await hooks.deliveries(webhook))


async def test_a_deploy_is_told_from_its_beginning_to_its_end(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver
) -> None:
    webhook, _ = await hooks.create()

    app = await apps.deploy_until_ready()
    await observer.look()

    once = (E.WORKLOAD_CREATED, E.DEPLOYMENT_STARTED, E.WORKLOAD_PHASE_CHANGED, E.DEPLOYMENT_FINISHED)
    assert dict.fromkeys(once, 1) == await queued(hooks, webhook)
    occurrences = [each.occurrence for each in await hooks.deliveries(webhook)]
    assert {(app.id, "web", 1)} == {(each.workload_id, each.app, each.revision) for each in occurrences}


async def test_replicas_that_look_at_once_tell_of_it_once(
    hooks: Hooks, apps: Apps, cluster: Cluster, workloads: WorkloadService
) -> None:
    webhook, _ = await hooks.create()
    await apps.deploy_until_ready()

    await asyncio.gather(
        *(WorkloadObserver(hooks.database, cluster, workloads, hooks.limits).look() for _ in range(5)),
        *(hooks.announce() for _ in range(5)),
    )

    assert {1} == set((await queued(hooks, webhook)).values())


async def test_what_was_there_before_anybody_listened_is_not_told(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver
) -> None:
    await apps.deploy_until_ready()
    webhook, _ = await hooks.create()

    await observer.look()

    assert {} == await queued(hooks, webhook)


async def test_what_changed_while_it_was_switched_off_is_not_told(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver
) -> None:
    webhook, _ = await hooks.create(frozenset({E.DEPLOYMENT_FINISHED}))
    await apps.deploy_until_ready()
    await observer.look()
    await hooks.service.update(hooks.ada, webhook.id, active(False))
    await apps.deploy(replace(WEB, replicas=1))
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    await hooks.service.update(hooks.ada, webhook.id, active(True))
    await observer.look()

    assert {E.DEPLOYMENT_FINISHED: 1} == await queued(hooks, webhook)


async def test_who_listens_later_does_not_make_others_hear_twice(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver
) -> None:
    first, _ = await hooks.create(frozenset({E.DEPLOYMENT_FINISHED}))
    await apps.deploy_until_ready()
    await observer.look()

    second, _ = await hooks.create(frozenset({E.DEPLOYMENT_FINISHED}))
    await observer.look()

    assert ({E.DEPLOYMENT_FINISHED: 1}, {}) == (await queued(hooks, first), await queued(hooks, second))


async def test_a_deletion_and_an_undo_are_told(hooks: Hooks, apps: Apps) -> None:
    webhook, _ = await hooks.create(frozenset({E.WORKLOAD_DELETED, E.WORKLOAD_RESTORED}))
    await apps.deploy()

    deleted: UUID = await apps.workloads.delete(hooks.ada, hooks.shop.slug, "web")
    await apps.workloads.restoring.restore(hooks.ada, hooks.shop.slug, deleted)

    assert {E.WORKLOAD_DELETED: 1, E.WORKLOAD_RESTORED: 1} == await queued(hooks, webhook)


async def test_of_another_namespace_nothing_is_told(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver, namespaces: NamespaceService
) -> None:
    other = await namespaces.create(hooks.ada, "other")
    elsewhere, _ = await hooks.service.create(hooks.ada, other.slug, hooks.draft(ALL))

    await apps.deploy_until_ready()
    await observer.look()

    assert {} == await queued(hooks, elsewhere)


async def test_who_leads_tells_of_changes_as_they_come(
    hooks: Hooks, apps: Apps, observer: WorkloadObserver, receiver: Receiver
) -> None:
    await hooks.create(frozenset({E.DEPLOYMENT_FINISHED}))
    term = Term(1, float("inf"), asyncio.get_running_loop().time)
    leading = asyncio.create_task(observer.lead(term), name="lead")

    async with hooks.worker().working():
        await apps.deploy()
        async with asyncio.timeout(PATIENCE):
            told = (await receiver.next()).json

    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    assert ("DEPLOYMENT_FINISHED", "web", 1) == (told["type"], told["app"], told["revision"])


def active(value: bool) -> Edit:
    def edit(draft: WebhookDraft) -> WebhookDraft:
        return replace(draft, active=value)

    return edit
