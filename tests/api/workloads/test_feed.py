"""What a feed tells, to those who keep up, who come back, and who are too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from api.namespaces.models import Namespace, NamespacePhase
from api.workloads.cursors import Cursor
from api.workloads.feed import KEPT, MOST_BEHIND, TOLD_AT_ONCE, Feed, Shown
from api.workloads.models import Workload, WorkloadPhase
from api.workloads.updates import ResetReason, UpdateKind, WorkloadUpdate
from tests.api.workloads.models import workload_model

NAMESPACE = Namespace(
    id=uuid4(),
    owner_id=uuid4(),
    name="shop",
    slug="shop-x7k2pq",
    phase=NamespacePhase.ACTIVE,
    created_at=datetime.now(UTC),
    reconciliation_paused=False,
)
WEB, API = uuid4(), uuid4()
VERSIONS = ("1", "2", "3", "4", "5", "6")


class Told:
    """A feed of a namespace, and what is said of its apps: the message tells two states apart."""

    def __init__(self, only: UUID | None = None) -> None:
        self.feed = Feed(NAMESPACE, only)
        self._apps: dict[UUID, tuple[Workload, Shown]] = {}

    def say(self, workload_id: UUID, message: str, phase: WorkloadPhase = WorkloadPhase.READY) -> None:
        workload = workload_model(workload_id, message=message, phase=phase)
        self._apps[workload_id] = workload, Shown(workload, None, (), (), False)
        self.feed.tell(self._apps, VERSIONS)

    def forget(self, workload_id: UUID) -> None:
        del self._apps[workload_id]
        self.feed.tell(self._apps, VERSIONS)


def messages(updates: list[WorkloadUpdate]) -> list[str]:
    return [update.workload.status.message if update.workload else update.kind.value for update in updates]


def place(update: WorkloadUpdate) -> Cursor:
    assert update.cursor is not None
    return Cursor.decode(update.cursor)


def test_a_namespaces_snapshot_ends_with_its_cursor() -> None:
    told = Told()
    told.say(WEB, "web 1")
    told.say(API, "api 1")

    snapshot = told.feed.snapshot()

    assert ["web 1", "api 1", "synced"] == messages(snapshot)
    assert [False, False, True] == [update.cursor is not None for update in snapshot]


def test_an_app_alone_is_a_snapshot_of_one_message() -> None:
    told = Told(only=WEB)
    told.say(WEB, "web 1")

    (snapshot,) = told.feed.snapshot()

    assert place(snapshot).sequence == told.feed.sequence


def test_what_is_the_same_is_not_told_again() -> None:
    told = Told()
    told.say(WEB, "web 1")
    before = told.feed.sequence

    told.say(WEB, "web 1")

    assert before == told.feed.sequence


def test_a_reader_who_keeps_up_is_told_each_change_once() -> None:
    told = Told()
    told.say(WEB, "web 1")
    sequence = told.feed.sequence

    told.say(WEB, "web 2")
    told.say(WEB, "web 3")
    told.forget(WEB)

    assert ["web 2", "web 3", "deleted"] == messages(told.feed.after(sequence))


def test_a_change_says_what_differs() -> None:
    told = Told()
    told.say(WEB, "web 1", WorkloadPhase.PROGRESSING)
    sequence = told.feed.sequence

    told.say(WEB, "web 2")
    (update,) = told.feed.after(sequence)

    assert update.change is not None
    assert (WorkloadPhase.PROGRESSING, WorkloadPhase.READY) == (update.change.from_phase, update.change.to_phase)
    assert (("status", "rollout"), "web 2") == (update.change.fields, update.change.reason)


def test_a_reader_who_comes_back_is_told_what_it_missed() -> None:
    told = Told()
    told.say(WEB, "web 1")
    left_at = place(told.feed.snapshot()[-1])

    told.say(WEB, "web 2")
    told.say(API, "api 1")

    assert told.feed.knows(left_at)
    assert ["web 2", "api 1", "synced"] == messages(told.feed.resumed(left_at))


def test_a_reader_who_comes_back_too_late_begins_anew() -> None:
    told = Told()
    told.say(WEB, "web 0")
    left_at = place(told.feed.snapshot()[-1])

    for number in range(KEPT + 1):
        told.say(WEB, f"web {number + 1}")
    updates = told.feed.resumed(left_at)

    assert ["reset", f"web {KEPT + 1}", "synced"] == messages(updates)
    assert ResetReason.TOO_OLD == updates[0].reset


def test_the_oldest_place_that_is_kept_is_gone_on_from() -> None:
    told = Told()
    told.say(WEB, "web 0")
    left_at = place(told.feed.snapshot()[-1])

    for number in range(KEPT):
        told.say(WEB, f"web {number + 1}")

    assert [*(f"web {number + 1}" for number in range(KEPT)), "synced"] == messages(told.feed.resumed(left_at))


def test_another_feeds_place_and_one_of_the_future_are_unknown() -> None:
    told, other = Told(), Told()
    told.say(WEB, "web 1")
    other.say(WEB, "web 1")

    elsewhere = place(other.feed.snapshot()[-1])
    here = place(told.feed.snapshot()[-1])

    assert not told.feed.knows(elsewhere)
    assert not told.feed.knows(Cursor(here.epoch, here.sequence + 1, here.versions))


def test_a_reader_that_is_too_slow_is_told_the_latest_of_each_app_and_how_much_was_left_out() -> None:
    told = Told()
    told.say(WEB, "web 0")
    sequence = told.feed.sequence

    told.say(API, "api 1")
    for number in range(MOST_BEHIND):
        told.say(WEB, f"web {number + 1}")
    updates = told.feed.after(sequence)

    assert ["api 1", f"web {MOST_BEHIND}", "lagged"] == messages(updates)
    assert MOST_BEHIND - 1 == updates[-1].dropped
    assert told.feed.sequence == place(updates[-1]).sequence


def test_a_reader_that_is_as_slow_as_may_be_is_told_everything() -> None:
    told = Told()
    told.say(WEB, "web 0")
    sequence = told.feed.sequence

    for number in range(MOST_BEHIND):
        told.say(WEB, f"web {number + 1}")

    assert MOST_BEHIND == len(told.feed.after(sequence))
    assert [] == [update for update in told.feed.after(sequence) if update.kind is not UpdateKind.CHANGE]


def test_a_closed_feed_tells_that_everything_is_gone() -> None:
    told = Told()
    told.say(WEB, "web 1")
    told.say(API, "api 1")
    sequence = told.feed.sequence

    told.feed.close()

    assert {WEB, API} == {update.workload_id for update in told.feed.after(sequence)}
    assert ["deleted", "deleted"] == messages(told.feed.after(sequence))


async def test_readers_are_woken_by_what_is_told_and_by_nothing_else() -> None:
    told = Told()
    told.say(WEB, "web 1")

    with told.feed.joined() as reader:
        told.say(WEB, "web 1")
        await asyncio.sleep(0)
        before = reader.is_woken
        told.say(WEB, "web 2")
        await asyncio.sleep(0)

    assert (False, True) == (before, reader.is_woken)


async def test_more_readers_than_are_woken_at_once_all_read_everything() -> None:
    """Each turn of the event loop wakes some; those whose turn comes late may have read what is told meanwhile."""
    told, count = Told(), 3 * TOLD_AT_ONCE + 1
    read: list[list[int]] = [[] for _ in range(count)]
    loop = asyncio.get_running_loop()

    async with asyncio.TaskGroup() as readers:
        for sequences in read:
            readers.create_task(follow(told.feed, sequences))
        await asyncio.sleep(0)
        told.say(WEB, "web 1")
        for number in range(2, 5):
            loop.call_soon(told.say, WEB, f"web {number}")
        loop.call_later(0, told.feed.close)

    assert [[1, 2, 3, 4, 5]] * count == read


async def follow(feed: Feed, read: list[int]) -> None:
    """As streams do; `read` gets the places of what was told."""
    at = feed.sequence
    with feed.joined() as reader:
        while not feed.closed or at != feed.sequence:
            if at == feed.sequence:
                await reader.wait(at)
            read += [update.at.sequence for update in feed.after(at) if update.at is not None]
            at = feed.sequence


class Sinking:
    """A reader with a sink that takes what it `may`; in what it was told the messages that it took itself are
    capitals."""

    def __init__(self, feed: Feed, *may: str) -> None:
        self._feed = feed
        self._may = may
        self.told: list[str] = []

    def take(self, update: WorkloadUpdate) -> bool:
        (message,) = messages([update])
        if message == "broken":
            raise RuntimeError
        if message in self._may:
            self.told.append(message.upper())
        return message in self._may

    async def follow(self) -> None:
        at = self._feed.sequence
        with self._feed.joined() as reader:
            while not self._feed.closed:
                at = await reader.wait(at, self.take)
                self.told += messages(self._feed.after(at))
                at = self._feed.sequence


async def told_to(told: Told, *readers: Sinking, say: Sequence[str], at_once: bool = False) -> None:
    """Each message once all that came of the one before is over, or all `at_once`: in one turn of the event loop."""
    async with asyncio.TaskGroup() as tasks:
        for each in readers:
            tasks.create_task(each.follow())
        await asyncio.sleep(0)
        for message in say:
            told.say(WEB, message)
            if not at_once or message == say[-1]:
                await told.feed.all_woken()
                await asyncio.sleep(0)
        told.feed.close()


async def test_who_waits_is_told_by_its_sink_and_reads_what_that_does_not_take() -> None:
    told = Told()
    told.say(WEB, "before")
    reader = Sinking(told.feed, "one", "three")

    await told_to(told, reader, say=("one", "two", "three", "four"))

    assert ["ONE", "two", "THREE", "four", "deleted"] == reader.told


async def test_of_what_is_told_at_once_a_reader_reads_what_its_sink_did_not_come_to() -> None:
    """All three messages together."""
    told = Told()
    told.say(WEB, "before")
    readers = [Sinking(told.feed, "one", "three") for _ in range(3)]

    await told_to(told, *readers, say=("one", "two", "three"), at_once=True)

    assert [["ONE", "two", "three", "deleted"]] * len(readers) == [reader.told for reader in readers]


async def test_a_sink_that_breaks_keeps_nobody_from_being_told() -> None:
    told = Told()
    told.say(WEB, "before")
    breaking, other = Sinking(told.feed, "one"), Sinking(told.feed, "one")

    await told_to(told, breaking, other, say=("broken", "one"))

    assert [["broken", "ONE", "deleted"]] * 2 == [breaking.told, other.told]


async def test_a_sink_takes_nothing_where_messages_are_left_out() -> None:
    """All have missed one more than is told one by one."""
    told = Told()
    told.say(WEB, "before")
    say = [f"web {number}" for number in range(MOST_BEHIND + 1)]
    readers = [Sinking(told.feed, *say) for _ in range(3)]

    await told_to(told, *readers, say=say, at_once=True)

    assert [[say[-1], "lagged", "deleted"]] * 3 == [each.told for each in readers]


def test_what_readers_made_of_a_message_is_kept_while_it_is_new() -> None:
    told = Told()
    told.say(WEB, "web 0")
    sequence = told.feed.sequence
    told.say(WEB, "web 1")
    (first,) = told.feed.after(sequence)
    first.made["reader"] = "payload"

    for number in range(MOST_BEHIND - 1):
        told.say(WEB, f"web {number + 2}")
    kept = dict(first.made)
    told.say(WEB, "one more")

    assert ({"reader": "payload"}, {}) == (kept, first.made)


async def test_who_comes_waits_for_a_look_that_began_after_that() -> None:
    told, looks = Told(), []
    told.feed.look = lambda: looks.append("look")
    told.feed.renew(1.0)

    waiting = asyncio.create_task(told.feed.renewed(2.0))
    await asyncio.sleep(0)
    before = waiting.done(), told.feed.is_awaited
    told.feed.renew(1.5)
    await asyncio.sleep(0)
    was_done = waiting.done()
    told.feed.renew(2.5)
    async with asyncio.timeout(1):
        await waiting

    assert ["look"] == looks
    assert ((False, True), False, False) == (before, was_done, told.feed.is_awaited)


async def test_who_comes_to_a_feed_that_was_brought_up_to_date_since_waits_for_nothing() -> None:
    told = Told()
    told.feed.renew(2.0)

    async with asyncio.timeout(1):
        await told.feed.renewed(1.0)

    assert not told.feed.is_awaited


async def test_nobody_waits_for_a_feed_that_is_closed_to_be_renewed() -> None:
    told = Told()
    waiting = asyncio.create_task(told.feed.renewed(1.0))
    await asyncio.sleep(0)

    told.feed.close()

    async with asyncio.timeout(1):
        await waiting
