"""What is promised of a stream of logs: nothing lost, nothing doubled, and said where that cannot be."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from api.errors import InvalidInput, NotFound
from api.logs.follows import FollowLimits
from api.logs.models import (
    Ended,
    Gap,
    GapReason,
    Heartbeat,
    Lagged,
    Lines,
    PodEnd,
    PodEnded,
    PodStarted,
    StreamEnd,
)
from api.logs.streams import StreamTimes
from tests.api.logs.conftest import Pods
from tests.api.logs.log_server import SECOND, START, LogServer
from tests.api.logs.readers import Heard, Readers


def numbered(count: int, begin: int = 0) -> list[str]:
    return [f"line {number}" for number in range(begin, begin + count)]


async def test_a_stream_begins_with_the_last_lines_and_goes_on_with_what_comes(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    await logs.container("web-1").write(*numbered(10))

    async with readers.open(history=3) as heard:
        await heard.until_line("line 9")
        await logs.container("web-1").write("line 10")
        await heard.until_line("line 10")

    assert ["line 7", "line 8", "line 9", "line 10"] == heard.lines
    assert [PodStarted("web-1", ("app",))] == heard.of(PodStarted)


async def test_no_history_is_told_where_none_is_asked_for(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    await logs.container("web-1").write(*numbered(10))

    async with readers.open(history=0) as heard:
        await heard.until(PodStarted)
        reading = asyncio.create_task(heard.until_line("line 10"), name="reader")
        await logs.until_followed()
        await logs.container("web-1").write("line 10")
        await reading

    assert ["line 10"] == heard.lines


async def test_lines_of_several_pods_come_in_the_order_of_their_moments(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    for pod in ("web-1", "web-2"):
        pods.put(pod)
    for number in range(6):
        await logs.container(f"web-{number % 2 + 1}").write(f"line {number}", at=START + number * SECOND)

    async with readers.open() as heard:
        await heard.until(Lines)

    assert numbered(6) == heard.lines


async def test_two_readers_share_one_connection(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    await logs.container("web-1").write("line 0")

    async with readers.open() as first, readers.open() as second:
        await first.until_line("line 0")
        await second.until_line("line 0")
        both = asyncio.gather(first.until_line("line 1"), second.until_line("line 1"))
        await logs.until_followed()
        await logs.container("web-1").write("line 1")
        await both

    assert 1 == logs.follows
    await logs.until_left()


async def test_who_comes_back_goes_on_behind_the_last_line_that_they_had(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write(*numbered(5))
    async with readers.open() as before:
        await before.until_line("line 4")

    await container.write(*numbered(5000, begin=5))
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 5004")

    assert numbered(5000, begin=5) == heard.lines
    assert [] == heard.of(Gap)


async def test_lines_of_one_moment_are_told_apart_by_their_number(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write(*numbered(3), at=START)
    async with readers.open() as before:
        await before.until_line("line 2")

    await container.write(*numbered(3, begin=3), at=START)
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 5")

    assert numbered(3, begin=3) == heard.lines


async def test_a_line_that_is_older_than_the_one_before_it_is_told_once(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    """Two streams of a container are stamped before they are written."""
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write("line 0", at=START)
    await container.write("line 1", at=START + SECOND)
    async with readers.open() as before:
        await before.until_line("line 1")

    await container.write("line 2", at=START + SECOND - 10)
    await container.write("line 3", at=START + SECOND + 10)
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 3")

    assert ["line 2", "line 3"] == heard.lines


async def test_of_pods_that_came_meanwhile_every_line_is_told(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    await logs.container("web-1").write("line 0")
    async with readers.open(history=1) as before:
        await before.until_line("line 0")

    pods.put("web-2")
    await logs.container("web-2").write(*numbered(5, begin=1))
    async with readers.open(before.cursor, history=1) as heard:
        await heard.until_line("line 5")

    assert numbered(5, begin=1) == heard.lines
    assert ["web-2"] == [started.pod for started in heard.of(PodStarted)]


async def test_whatever_breaks_each_line_is_told_once(pods: Pods, logs: LogServer, readers: Readers) -> None:
    """Connections that break, containers that start again, readers that come back: by chance, and reproducibly."""
    random = Random(7)
    pods.put("web-1")
    container, written = logs.container("web-1"), 0
    await container.write("line 0")
    async with readers.open() as heard:
        await heard.until_line("line 0")
    told, gaps, cursor = heard.lines, list[Gap](), heard.cursor

    for _ in range(40):
        async with readers.open(cursor) as heard:
            faults = random.sample(FAULTS, k=random.randrange(4))
            reading = asyncio.create_task(heard.until_line(f"line {written + len(faults)}"), name="reader")
            for fault in faults:
                await fault(logs)
                written += 1
                await container.write(f"line {written}")
            await reading
        told += heard.lines
        gaps += heard.of(Gap)
        cursor = heard.cursor
        written += 1
        await container.write(f"line {written}")
    async with readers.open(cursor) as heard:
        await heard.until_line(f"line {written}")

    assert numbered(written + 1) == told + heard.lines
    assert [] == gaps


async def break_follows(logs: LogServer) -> None:
    await logs.break_follows()


async def restart(logs: LogServer) -> None:
    """At most one of these is between two lines that are read: of earlier runs the cluster keeps no log."""
    await logs.container("web-1").restart()


async def fail_once(logs: LogServer) -> None:
    logs.is_away = True
    await logs.break_follows()
    logs.is_away = False


FAULTS = (break_follows, restart, fail_once)


async def test_a_log_that_no_longer_has_the_place_is_a_gap(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write(*numbered(5))
    async with readers.open() as before:
        await before.until_line("line 4")

    await container.write(*numbered(10, begin=5))
    await container.rotate(2)
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 14")

    assert [Gap("web-1", "app", GapReason.ROTATED)] == heard.of(Gap)
    assert ["line 13", "line 14"] == heard.lines


async def test_what_a_run_wrote_before_the_restart_is_told_too(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write("line 0")
    async with readers.open() as before:
        await before.until_line("line 0")

    await container.write("line 1")
    await container.restart()
    await container.write("line 2")
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 2")

    assert ["line 1", "line 2"] == heard.lines
    assert [] == heard.of(Gap)


async def test_a_restart_between_reading_and_following_costs_no_line(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write("line 0")

    async def restart() -> None:
        await container.write("line 1")
        await container.restart()
        await container.write("line 2")

    logs.before_follow = restart
    async with readers.open() as heard:
        await heard.until_line("line 2")

    assert numbered(3) == heard.lines
    assert [] == heard.of(Gap)


async def test_two_restarts_meanwhile_are_a_gap(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write("line 0")
    async with readers.open() as before:
        await before.until_line("line 0")

    for number in range(1, 3):
        await container.restart()
        await container.write(f"line {number}")
    async with readers.open(before.cursor) as heard:
        await heard.until_line("line 2")

    assert ["line 1", "line 2"] == heard.lines
    assert [Gap("web-1", "app", GapReason.ROTATED)] == heard.of(Gap)


async def test_a_pod_that_went_meanwhile_is_a_gap(pods: Pods, logs: LogServer, readers: Readers) -> None:
    source = pods.put("web-1")
    await logs.container("web-1").write("line 0")
    async with readers.open() as before:
        await before.until_line("line 0")

    pods.remove(source)
    async with readers.open(before.cursor) as heard:
        assert Gap("web-1", "app", GapReason.POD_GONE) == await heard.next()


async def test_a_pod_that_is_deleted_is_told_to_its_last_line(pods: Pods, logs: LogServer, readers: Readers) -> None:
    source = pods.put("web-1")
    await logs.container("web-1").write("line 0")

    async with readers.open() as heard:
        await heard.until_line("line 0")
        reading = asyncio.create_task(heard.until(PodEnded), name="reader")
        await logs.until_followed()
        await logs.container("web-1").write("line 1")
        await logs.container("web-1").end()
        del logs.containers["web-1", "app"]
        pods.remove(source)
        ended = await reading

    assert PodEnded("web-1", PodEnd.DELETED) == ended
    assert ["line 0", "line 1"] == heard.lines
    assert [] == heard.of(Gap)


async def test_a_pod_that_goes_while_it_cannot_be_followed_is_a_gap(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    source = pods.put("web-1")
    await logs.container("web-1").write("line 0")

    async with readers.open() as heard:
        await heard.until_line("line 0")
        reading = asyncio.create_task(heard.until(PodEnded), name="reader")
        await logs.until_followed()
        logs.is_away = True
        await logs.break_follows()
        del logs.containers["web-1", "app"]
        pods.remove(source)
        logs.is_away = False
        await reading

    assert [Gap("web-1", "app", GapReason.POD_GONE)] == heard.of(Gap)


async def test_a_job_that_ran_to_its_end_is_told_once(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("job-1", phase="Succeeded")
    await logs.container("job-1").write(*numbered(3))
    await logs.container("job-1").end()
    async with readers.open() as before:
        await before.until(PodEnded)

    async with readers.open(before.cursor) as heard:
        await heard.until(Heartbeat)

    assert numbered(3) == before.lines
    assert [PodEnded("job-1", PodEnd.SUCCEEDED)] == before.of(PodEnded)
    assert [] == heard.lines + heard.of(PodEnded)


async def test_a_server_that_was_away_is_caught_up_with(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1")
    container = logs.container("web-1")
    await container.write("line 0")

    async with readers.open() as heard:
        await heard.until_line("line 0")
        reading = asyncio.create_task(heard.until_line("line 20"), name="reader")
        await logs.until_followed()
        logs.is_away = True
        await logs.break_follows()
        await container.write(*numbered(20, begin=1))
        logs.is_away = False
        await reading

    assert numbered(21) == heard.lines


class TestASlowReader:
    @pytest.fixture
    def limits(self) -> FollowLimits:
        return FollowLimits(lines=10)

    async def test_is_told_how_many_lines_they_missed(self, pods: Pods, logs: LogServer, readers: Readers) -> None:
        pods.put("web-1")
        await logs.container("web-1").write("line 0")

        often = StreamTimes(recheck=0.05, heartbeat=0.01)
        async with readers.open(times=often) as quick, readers.open(times=often) as slow:
            for heard in (quick, slow):
                await heard.until_line("line 0")
                await heard.until(Heartbeat)  # by now it goes on with what is followed
            for number in range(1, 40):
                await logs.container("web-1").write(f"line {number}")
                await quick.until_line(f"line {number}")
            lagged = await slow.until(Lagged)
            await slow.until_line("line 39")

        assert Lagged("web-1", "app", 29) == lagged
        assert ["line 0", *numbered(10, begin=30)] == slow.lines
        assert numbered(40) == quick.lines


class TestWithoutRoom:
    @pytest.fixture
    def limits(self) -> FollowLimits:
        return FollowLimits(per_namespace=1)

    async def test_logs_beyond_the_limit_are_read_in_turns(self, pods: Pods, logs: LogServer, readers: Readers) -> None:
        for pod in ("web-1", "web-2"):
            pods.put(pod)
            await logs.container(pod).write(f"first of {pod}")

        async with readers.open() as heard:
            await heard.until_line("first of web-2")
            reading = asyncio.create_task(read_all(heard, "second of web-1", "second of web-2"), name="reader")
            await logs.until_followed()
            for pod in ("web-1", "web-2"):
                await logs.container(pod).write(f"second of {pod}")
            await reading

        assert 1 == logs.follows
        assert 4 == len(heard.lines)


async def read_all(heard: Heard, *messages: str) -> None:
    for message in messages:
        await heard.until_line(message)


async def test_only_lines_with_the_text_are_told_and_the_others_move_the_cursor(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    await logs.container("web-1").write("GET /", "an Error", "GET /b")
    async with readers.open(text="ERROR") as before:
        await before.until_line("an Error")

    await logs.container("web-1").write("GET /c")
    async with readers.open(before.cursor) as heard:
        await heard.until_line("GET /c")

    assert ["an Error"] == before.lines
    assert ["GET /c"] == heard.lines


async def test_one_container_is_followed_alone_where_it_is_named(pods: Pods, logs: LogServer, readers: Readers) -> None:
    pods.put("web-1", "app", "proxy")
    for name in ("app", "proxy"):
        await logs.container("web-1", name).write(f"of {name}")

    async with readers.open(container="proxy") as heard:
        await heard.until(Lines)

    assert ["of proxy"] == heard.lines


async def test_a_stream_of_one_pod_ends_with_it(pods: Pods, logs: LogServer, readers: Readers) -> None:
    source = pods.put("web-1")
    pods.put("web-2")
    await logs.container("web-1").write("line 0")

    async with readers.open(pod="web-1") as heard:
        await heard.until_line("line 0")
        pods.remove(source)
        await logs.container("web-1").end()
        await heard.rest()

    assert [PodEnded("web-1", PodEnd.DELETED), Ended(StreamEnd.POD_ENDED)] == heard.told[-2:]


@pytest.mark.parametrize(
    ("named", "told"), [({"pod": "nope"}, "`pod`: the app has no"), ({"container": "nope"}, "There are: app, proxy.")]
)
async def test_a_name_that_no_pod_has_is_not_found_and_told_which_it_is(
    pods: Pods, readers: Readers, named: dict[str, Any], told: str
) -> None:
    pods.put("web-1", "app", "proxy")

    async with readers.open(**named) as heard:
        with pytest.raises(NotFound, match=told) as refused:
            await heard.next()

    assert tuple(named) == refused.value.path


async def test_who_comes_back_to_a_pod_that_is_gone_is_told_that_it_ended(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    source = pods.put("web-1")
    await logs.container("web-1").write("line 0")
    async with readers.open(pod="web-1", container="app") as heard:
        await heard.until_line("line 0")
    pods.remove(source)

    async with readers.open(heard.cursor, pod="web-1", container="app") as again:
        await again.rest()

    assert Ended(StreamEnd.POD_ENDED) == again.told[-1]


async def test_an_app_without_pods_may_have_whatever_container_is_named(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    async with readers.open(container="proxy", times=StreamTimes(recheck=0.05, heartbeat=0)) as heard:
        assert Heartbeat() == await heard.next()


async def test_a_stream_ends_with_the_reason_once_it_may_not_go_on(
    pods: Pods, logs: LogServer, readers: Readers
) -> None:
    pods.put("web-1")
    await logs.container("web-1").write("line 0")

    async with readers.open() as heard:
        await heard.until_line("line 0")
        readers.end = StreamEnd.GONE
        await heard.rest()

    assert Ended(StreamEnd.GONE) == heard.told[-1]
    await logs.until_left()


async def test_silence_has_a_heartbeat(pods: Pods, logs: LogServer, readers: Readers) -> None:
    times = StreamTimes(recheck=0.05, heartbeat=0.1)

    async with readers.open(times=times) as heard:
        told = [await heard.next() for _ in range(3)]

    assert [Heartbeat()] * 3 == told


@pytest.mark.parametrize("cursor", ["", "x", "e30", "W10", "a" * 70_000, "WyJsb2dzIiwgIngiLCBbXV0"])
async def test_what_is_no_cursor_of_these_logs_is_refused(readers: Readers, cursor: str) -> None:
    async with readers.open(cursor) as heard:
        with pytest.raises(InvalidInput):
            await heard.next()
