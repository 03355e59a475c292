"""Who may have webhooks, and when one ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.authentication.service import AuthenticationService
from api.authorization.models import Principal, Scope
from api.database.pages import PageRequest
from api.errors import Forbidden, InvalidInput, InvalidInputs, NotFound, QuotaExceeded
from api.webhooks.models import DeliveryState, Webhook, WebhookDraft, WebhookEvent
from tests.api.people import SignUp
from tests.api.webhooks.hooks import Hooks
from tests.api.webhooks.receiver import Receiver

FIRST = PageRequest(first=10)


async def with_token(hooks: Hooks, authentication: AuthenticationService) -> tuple[Principal, Webhook]:
    """A webhook that Ada made by an API token, and the principal of that."""
    scopes = frozenset({Scope.READ, Scope.WRITE})
    _, secret = await authentication.create_api_token(hooks.ada, name="ci", scopes=scopes, expires_in_days=1)
    program = await authentication.authenticate(bearer=secret)
    assert program is not None
    return program, (await hooks.service.create(program, hooks.shop.slug, hooks.draft()))[0]


async def test_a_webhook_is_its_maker_s_alone(hooks: Hooks, eve: Principal, administrator: Principal) -> None:
    webhook, _ = await hooks.create()
    await hooks.happen()
    delivery = await hooks.only(webhook)

    for other in (eve, administrator):
        with pytest.raises(NotFound):
            await hooks.service.get(other, webhook.id)
        with pytest.raises(NotFound):
            await hooks.service.deliveries.get(other, delivery.id)
        with pytest.raises(NotFound):
            await hooks.service.deliveries.redeliver(other, delivery.id)
        with pytest.raises(NotFound):
            await hooks.service.deliveries.list(other, webhook, FIRST)


async def test_nobody_makes_one_in_what_is_another_s(hooks: Hooks, eve: Principal, administrator: Principal) -> None:
    with pytest.raises(NotFound):
        await hooks.service.create(eve, hooks.shop.slug, hooks.draft())
    with pytest.raises(Forbidden):
        await hooks.service.create(administrator, hooks.shop.slug, hooks.draft())


async def test_a_credential_that_may_not_read_makes_none_that_would(hooks: Hooks) -> None:
    writer = replace(hooks.ada, scopes=frozenset({Scope.WRITE}))

    with pytest.raises(Forbidden):
        await hooks.service.create(writer, hooks.shop.slug, hooks.draft())


async def test_a_reading_credential_changes_none(hooks: Hooks) -> None:
    webhook, _ = await hooks.create()
    reader = replace(hooks.ada, scopes=frozenset({Scope.READ}))

    for change in (hooks.service.delete, hooks.service.rotate_secret, hooks.service.deliveries.ping):
        with pytest.raises(Forbidden):
            await change(reader, webhook.id)


async def test_a_namespace_has_so_many_and_no_more(hooks: Hooks) -> None:
    for _ in range(hooks.limits.per_namespace):
        await hooks.create()

    with pytest.raises(QuotaExceeded):
        await hooks.create()


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"url": "http://hooks.example.com/"}, ("url",)),
        ({"query": "x" * 20_000}, ("query",)),
        ({"variables": {"a": "x" * 10_000}}, ("variables",)),
        ({"events": frozenset()}, ("events",)),
        ({"events": frozenset({WebhookEvent.PING})}, ("events",)),
    ],
)
async def test_a_broken_rule_is_told_on_its_field_also_when_it_is_changed(
    hooks: Hooks, broken: dict[str, Any], path: tuple[str, ...]
) -> None:
    webhook, _ = await hooks.create()

    with pytest.raises(InvalidInputs) as made:
        await hooks.service.create(hooks.ada, hooks.shop.slug, broken_draft(hooks.draft(), broken))
    with pytest.raises(InvalidInputs) as changed:
        await hooks.service.update(hooks.ada, webhook.id, lambda draft: broken_draft(draft, broken))

    assert [path] == [failure.path for failure in made.value.failures]
    assert [path] == [failure.path for failure in changed.value.failures]


async def test_everything_that_is_wrong_is_told_at_once(hooks: Hooks) -> None:
    hooks.graph.failure = InvalidInput("That is no query.", path=("query",))

    with pytest.raises(InvalidInputs) as refused:
        await hooks.service.create(hooks.ada, hooks.shop.slug, WebhookDraft("x", "y", frozenset()))

    assert [("url",), ("query",), ("events",)] == [failure.path for failure in refused.value.failures]


async def test_the_secret_is_sealed_and_opens_in_its_own_row_only(hooks: Hooks) -> None:
    first, secret = await hooks.create()
    second, _ = await hooks.create()
    async with hooks.database.session() as session:
        stored = (await session.execute(text("SELECT secrets FROM webhooks"))).scalars().all()
        moved = "UPDATE webhooks SET secrets = (SELECT secrets FROM webhooks WHERE id = :a) WHERE id = :b"
        await session.execute(text(moved), {"a": first.id, "b": second.id})

    await hooks.service.deliveries.ping(hooks.ada, second.id)
    await hooks.turn()

    assert not any(secret.encode() in bytes(each) for each in stored)
    assert "secret" in ((await hooks.get(second)).disabled_reason or "")


async def test_a_secret_that_cannot_be_read_any_more_can_be_replaced(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    async with hooks.database.session() as session:
        await session.execute(text("UPDATE webhooks SET secrets = secrets || '\\x00'::bytea"))

    _, secret = await hooks.service.rotate_secret(hooks.ada, webhook.id)
    await hooks.happen()
    await hooks.turn()

    assert (await receiver.next()).is_signed_by(secret)


async def test_one_made_by_a_token_ends_with_that_token(
    hooks: Hooks, authentication: AuthenticationService, receiver: Receiver
) -> None:
    program, webhook = await with_token(hooks, authentication)
    assert program.token_id is not None
    await hooks.happen()
    await hooks.turn()
    await receiver.next()

    await authentication.revoke_api_token(hooks.ada, program.token_id)
    await hooks.happen()
    await hooks.turn()

    found = await hooks.get(webhook)
    assert receiver.received.empty()
    assert (False, "The API token that it was made with works no more.") == (found.active, found.disabled_reason)


async def test_one_made_by_a_token_can_be_taken_over_by_its_owner(
    hooks: Hooks, authentication: AuthenticationService, receiver: Receiver
) -> None:
    program, webhook = await with_token(hooks, authentication)
    assert program.token_id is not None
    await authentication.revoke_api_token(hooks.ada, program.token_id)

    await hooks.service.update(hooks.ada, webhook.id, lambda draft: draft)
    await hooks.happen()
    await hooks.turn()

    assert (await receiver.next()).json["type"] == "WORKLOAD_CREATED"


async def test_who_lost_the_namespace_is_told_nothing_more_and_why(
    hooks: Hooks, sign_up: SignUp, receiver: Receiver
) -> None:
    webhook, _ = await hooks.create()
    await hooks.happen()
    await hooks.happen()
    other = await sign_up("zoe")
    async with hooks.database.session() as session:
        handed = "UPDATE namespaces SET owner_id = :other WHERE id = :id"
        await session.execute(text(handed), {"other": other.user_id, "id": hooks.shop.id})

    await hooks.turn()

    async with hooks.database.session() as session:
        row = (await session.execute(text("SELECT active, disabled_reason FROM webhooks"))).one()
        states = (await session.execute(text("SELECT state FROM webhook_deliveries"))).scalars().all()
        back = "UPDATE namespaces SET owner_id = :ada WHERE id = :id"
        await session.execute(text(back), {"ada": hooks.ada.user_id, "id": hooks.shop.id})
    assert receiver.received.empty()
    assert (False, "Its maker may not read the namespace any more.") == tuple(row)
    assert ["failed", "failed"] == states
    assert not (await hooks.get(webhook)).active


async def test_an_administrator_s_webhook_reads_as_anybody_s(
    authentication: AuthenticationService, administrator: Principal
) -> None:
    reader = await authentication.reader_for(administrator.user_id, token_id=None)

    assert reader is not None
    assert not reader.is_administrator


async def test_a_receiver_that_is_gone_is_left_alone(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    receiver.answer(410)
    await hooks.happen()

    await hooks.turn()

    found, delivery = await hooks.get(webhook), await hooks.only(webhook)
    assert (False, DeliveryState.FAILED) == (found.active, delivery.state)
    assert "410" in (found.disabled_reason or "")


async def test_one_that_fails_for_days_is_switched_off_and_one_success_begins_anew(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook, _ = await hooks.create()
    almost = hooks.limits.disabled_after - timedelta(hours=1)
    for _ in range(2):
        receiver.answer(500)
    await hooks.happen()
    await hooks.turn()
    await hooks.time_passes(almost)
    await hooks.turn()
    still = await hooks.get(webhook)
    await hooks.time_passes(almost)
    await hooks.turn()
    anew = await hooks.get(webhook)

    for _ in range(2):
        receiver.answer(500)
        await hooks.happen()
        await hooks.turn()
        await hooks.time_passes(hooks.limits.disabled_after)

    ended = await hooks.get(webhook)
    assert (True, False) == (still.active, still.failing_since is None)
    assert (True, None) == (anew.active, anew.failing_since)
    assert (False, "Nothing could be delivered for 5 days.") == (ended.active, ended.disabled_reason)


async def test_switched_on_again_it_is_told_of_what_happens_from_then_on(hooks: Hooks, receiver: Receiver) -> None:
    webhook, _ = await hooks.create()
    receiver.answer(410)
    await hooks.happen()
    await hooks.turn()
    await receiver.next()

    switched_on = await hooks.service.update(hooks.ada, webhook.id, lambda draft: replace(draft, active=True))
    await hooks.happen()
    await hooks.turn()

    await receiver.next()
    assert (True, None) == (switched_on.active, switched_on.disabled_reason)


async def test_a_namespace_that_is_gone_takes_its_webhooks_with_it(hooks: Hooks) -> None:
    webhook, _ = await hooks.create()
    await hooks.happen()
    async with hooks.database.session() as session:
        await session.execute(text("DELETE FROM namespaces WHERE id = :id"), {"id": hooks.shop.id})

    assert 0 == await hooks.turn()
    with pytest.raises(NotFound):
        await hooks.get(webhook)


def broken_draft(draft: WebhookDraft, broken: dict[str, Any]) -> WebhookDraft:
    return replace(draft, **broken)
