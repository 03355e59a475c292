"""From an event to the receiver: at least once, tried again with patience, and by one replica at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import text

from api.authorization.models import Scope
from api.errors import InvalidInput, Unavailable
from api.webhooks.attempts import MOST_PAYLOAD_BYTES
from api.webhooks.backoff import MOST_TRIES
from api.webhooks.models import DeliveryState, WebhookDraft, WebhookEvent
from api.webhooks.outbox import CLAIM, Outbox
from tests.api.webhooks.hooks import Hooks
from tests.api.webhooks.receiver import PATIENCE, Receiver

A_DAY = timedelta(days=1)
ROUNDS = 20


def switched_off(draft: WebhookDraft) -> WebhookDraft:
    return replace(draft, active=False)


async def forget(hooks: Hooks) -> None:
    async with hooks.database.session() as session:
        await Outbox(session).forget(hooks.limits)


async def until(hooks: Hooks, condition: str) -> None:
    """Wait until that is so of the rows; PostgreSQL tells nobody of these."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with hooks.database.autocommit() as session:
                if await session.scalar(text(f"SELECT {condition} FROM webhook_deliveries")):
                    return


async def all_delivered(hooks: Hooks) -> None:
    await until(hooks, "bool_and(state = 'delivered')")


async def noted(hooks: Hooks, *, attempts: int) -> None:
    await until(hooks, f"bool_and(attempts = {attempts} AND claim IS NULL)")


async def test_an_event_is_delivered_signed_and_noted(hooks: Hooks, receiver: Receiver) -> None:
    webhook, secret = await hooks.create()
    receiver.answer(200, "thanks")

    await hooks.happen()
    await hooks.turn()

    received, delivery = await receiver.next(), await hooks.only(webhook)
    assert received.is_signed_by(secret)
    assert f"msg_{delivery.id.hex}" == received.headers["webhook-id"]
    assert {"type": "WORKLOAD_CREATED", "app": "web", "slug": hooks.shop.slug}.items() <= received.json.items()
    assert (DeliveryState.DELIVERED, 1, 200, "thanks", None) == (
        delivery.state,
        delivery.attempts,
        delivery.response_status,
        delivery.response_body,
        delivery.error,
    )


async def test_the_query_is_run_as_its_maker_who_may_read_and_nothing_else(hooks: Hooks) -> None:
    await hooks.create()

    await hooks.happen()
    await hooks.turn()

    [viewer] = hooks.graph.viewers
    assert (hooks.ada.user_id, frozenset({Scope.READ})) == (viewer.user_id, viewer.scopes)


async def test_only_events_that_are_listened_to_are_delivered(hooks: Hooks) -> None:
    webhook, _ = await hooks.create(frozenset({WebhookEvent.WORKLOAD_DELETED}))

    await hooks.happen(WebhookEvent.WORKLOAD_CREATED)
    await hooks.happen(WebhookEvent.WORKLOAD_DELETED)

    assert WebhookEvent.WORKLOAD_DELETED is (await hooks.only(webhook)).occurrence.event


async def test_an_event_that_is_told_of_twice_is_queued_once(hooks: Hooks) -> None:
    webhook, _ = await hooks.create()
    event_id = await hooks.happen()

    await asyncio.gather(*(hooks.happen(event_id=event_id) for _ in range(10)))

    assert 1 == len(await hooks.deliveries(webhook))


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
async def test_what_is_not_taken_is_tried_again_under_the_same_id(
    hooks: Hooks, receiver: Receiver, status: int
) -> None:
    webhook, _ = await hooks.create()
    receiver.answer(status, "no")
    await hooks.happen()
    await hooks.turn()

    waiting = await hooks.only(webhook)
    at_once = await hooks.turn()
    await hooks.time_passes(timedelta(seconds=20))
    await hooks.turn()

    first, second, delivery = await receiver.next(), await receiver.next(), await hooks.only(webhook)
    assert (DeliveryState.PENDING, status, "no", 0) == (
        waiting.state,
        waiting.response_status,
        waiting.response_body,
        at_once,
    )
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (DeliveryState.DELIVERED, 2) == (delivery.state, delivery.attempts)


async def test_after_eight_tries_it_is_given_up_and_can_be_redelivered(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    for _ in range(MOST_TRIES):
        receiver.answer(500)
    await hooks.happen()
    for _ in range(MOST_TRIES):
        await hooks.turn()
        await hooks.come_due()

    given_up = await hooks.only(webhook)
    again = await hooks.service.deliveries.redeliver(hooks.ada, given_up.id)
    await hooks.turn()

    received = [await receiver.next() for _ in range(MOST_TRIES + 1)]
    delivery = await hooks.only(webhook)
    assert (DeliveryState.FAILED, MOST_TRIES, None) == (given_up.state, given_up.attempts, given_up.next_attempt_at)
    assert DeliveryState.PENDING is again.state
    assert (DeliveryState.DELIVERED, MOST_TRIES + 1) == (delivery.state, delivery.attempts)
    assert 1 == len({each.headers["webhook-id"] for each in received})


async def test_retry_after_is_kept_to(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    receiver.answer(429, Retry_After="3600")
    await hooks.happen()

    await hooks.turn()

    delivery = await hooks.only(webhook)
    assert delivery.next_attempt_at is not None
    assert delivery.last_attempt_at is not None
    assert delivery.next_attempt_at - delivery.last_attempt_at > timedelta(minutes=59)


async def test_two_workers_at_once_deliver_each_event_once(hooks: Hooks, receiver: Receiver) -> None:
    webhooks = [(await hooks.create())[0] for _ in range(3)]
    for _ in range(5):
        await hooks.happen()

    async with hooks.worker().working(), hooks.worker().working():
        received = [await receiver.next() for _ in range(15)]
        await all_delivered(hooks)

    assert 15 == len({each.headers["webhook-id"] for each in received})
    assert receiver.received.empty()
    for webhook in webhooks:
        assert {(DeliveryState.DELIVERED, 1)} == {
            (each.state, each.attempts) for each in await hooks.deliveries(webhook)
        }


async def test_a_worker_that_is_killed_between_attempts_loses_nothing(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    receiver.answer(500)
    await hooks.happen()
    async with hooks.worker().working():
        first = await receiver.next()
        await noted(hooks, attempts=1)

    await hooks.time_passes(timedelta(seconds=20))
    async with hooks.worker().working():
        second = await receiver.next()
        await all_delivered(hooks)

    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert 2 == (await hooks.only(webhook)).attempts


async def test_a_worker_that_is_killed_in_an_attempt_is_followed_by_another(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    held = asyncio.Event()

    async def hold(_request: web.BaseRequest) -> web.StreamResponse:
        await held.wait()
        return web.Response()

    receiver.answers.append(hold)
    await hooks.happen()
    async with hooks.worker().working():
        await receiver.next()  # and the worker is cancelled while it waits for the answer
    held.set()

    while_claimed = await hooks.turn()
    await hooks.time_passes(CLAIM)
    await hooks.turn()

    await receiver.next()
    delivery = await hooks.only(webhook)
    assert (0, DeliveryState.DELIVERED, 2) == (while_claimed, delivery.state, delivery.attempts)


async def test_who_was_taken_for_lost_writes_nothing_down_any_more(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    await hooks.happen()
    [late] = await hooks.claim()
    await hooks.time_passes(CLAIM)
    [other] = await hooks.claim()
    await hooks.attempts.make(other)

    receiver.answer(500, "the late one")
    await hooks.attempts.make(late)

    delivery = await hooks.only(webhook)
    assert (DeliveryState.DELIVERED, 204) == (delivery.state, delivery.response_status)
    assert (await hooks.get(webhook)).failing_since is None


async def test_of_many_who_claim_at_once_one_has_it(hooks: Hooks) -> None:
    await hooks.create()

    for _ in range(ROUNDS):
        await hooks.happen()
        claims = await asyncio.gather(*(hooks.claim() for _ in range(8)))
        assert 1 == sum(map(len, claims))
        await hooks.attempts.make(next(claimed[0] for claimed in claims if claimed))


async def test_of_one_webhook_one_delivery_is_under_way_at_a_time(hooks: Hooks) -> None:
    await hooks.create()
    for _ in range(3):
        await hooks.happen()

    first, meanwhile = await hooks.claim(), await hooks.claim()

    assert (1, 0) == (len(first), len(meanwhile))


async def test_more_than_may_wait_is_recorded_as_failed_to_be_redelivered(hooks: Hooks) -> None:
    webhook, _ = await hooks.create()

    for _ in range(hooks.limits.waiting + 2):
        await hooks.happen()

    states = [each.state for each in await hooks.deliveries(webhook)]
    assert [DeliveryState.FAILED] * 2 + [DeliveryState.PENDING] * hooks.limits.waiting == states


async def test_deliveries_that_are_old_or_too_many_are_forgotten_and_those_that_wait_are_not(hooks: Hooks) -> None:
    webhook, _ = await hooks.create()
    for _ in range(hooks.limits.kept + 1):
        await hooks.happen()
        await hooks.turn()
    await forget(hooks)
    kept = len(await hooks.deliveries(webhook))
    await hooks.happen()
    await hooks.time_passes(hooks.limits.kept_for)

    await forget(hooks)

    assert hooks.limits.kept == kept
    assert [DeliveryState.PENDING] == [each.state for each in await hooks.deliveries(webhook)]


async def test_a_result_that_is_too_large_is_not_sent(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    hooks.graph.size = MOST_PAYLOAD_BYTES
    await hooks.happen()

    await hooks.turn()

    delivery = await hooks.only(webhook)
    assert receiver.received.empty()
    assert "bytes" in (delivery.error or "")


async def test_a_query_that_cannot_be_run_just_now_is_tried_again(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    hooks.graph.failure = Unavailable("The cluster does not answer.", part="cluster")
    await hooks.happen()
    await hooks.turn()
    delivery = await hooks.only(webhook)

    hooks.graph.failure = None
    await hooks.time_passes(timedelta(seconds=20))
    await hooks.turn()

    assert (DeliveryState.PENDING, "The query could not be run. The cluster does not answer.") == (
        delivery.state,
        delivery.error,
    )
    assert DeliveryState.DELIVERED is (await hooks.only(webhook)).state


async def test_a_ping_is_delivered_to_that_webhook_alone(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    other, _ = await hooks.create()

    ping = await hooks.service.deliveries.ping(hooks.ada, webhook.id)
    await hooks.turn()

    assert "PING" == (await receiver.next()).json["type"]
    assert [ping.id] == [each.id for each in await hooks.deliveries(webhook)]
    assert [] == await hooks.deliveries(other)


async def test_after_a_rotation_both_secrets_sign_for_a_day(hooks: Hooks, receiver: Receiver) -> None:
    webhook, former = await hooks.create()
    _, current = await hooks.service.rotate_secret(hooks.ada, webhook.id)

    await hooks.happen()
    await hooks.turn()
    await hooks.time_passes(A_DAY)
    await hooks.happen()
    await hooks.turn()

    within, after = await receiver.next(), await receiver.next()
    assert (True, True) == (within.is_signed_by(current), within.is_signed_by(former))
    assert (True, False) == (after.is_signed_by(current), after.is_signed_by(former))


async def test_one_that_is_switched_off_is_told_nothing_and_cannot_be_tried(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    await hooks.happen()
    waiting = await hooks.only(webhook)

    await hooks.service.update(hooks.ada, webhook.id, switched_off)
    await hooks.happen()
    await hooks.turn()

    given_up = await hooks.only(webhook)
    assert receiver.received.empty()
    assert (waiting.id, DeliveryState.FAILED) == (given_up.id, given_up.state)
    with pytest.raises(InvalidInput):
        await hooks.service.deliveries.ping(hooks.ada, webhook.id)
    with pytest.raises(InvalidInput):
        await hooks.service.deliveries.redeliver(hooks.ada, given_up.id)
