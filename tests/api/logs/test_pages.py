"""Pages of logs: the last lines, or those behind a moment or a line, of all pods in one order."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.logs.cursors import line_cursor
from api.logs.models import LogTarget, moment_of
from api.logs.pages import LogPage, LogPages, LogRequest
from api.logs.reading import LogReader
from tests.api.clusters import wire
from tests.api.logs.conftest import WORKLOAD, Pods
from tests.api.logs.log_server import SECOND, START, LogServer

TARGET = LogTarget(wire.NAMESPACE, WORKLOAD)


@pytest.fixture
def pages(pods: Pods, reader: LogReader) -> LogPages:
    return LogPages(pods.store, reader)


@pytest.fixture(autouse=True)
async def twenty_lines_of_two_pods(pods: Pods, logs: LogServer) -> None:
    for pod in ("web-1", "web-2"):
        pods.put(pod)
    for number in range(20):
        await logs.container(f"web-{number % 2 + 1}").write(f"line {number}", at=START + number * SECOND)


def messages(page: LogPage) -> list[str]:
    return [line.message for line in page.lines]


async def test_the_last_lines_are_those_of_all_pods(pages: LogPages) -> None:
    page = await pages.read(TARGET, LogRequest(3))

    assert ["line 17", "line 18", "line 19"] == messages(page)
    assert page.has_more


async def test_pages_forwards_have_every_line_once(pages: LogPages) -> None:
    found, after = list[str](), None
    while True:
        page = await pages.read(TARGET, LogRequest(7, is_last=False, after=after))
        found += messages(page)
        if not page.has_more:
            break
        after = line_cursor(page.lines[-1])

    assert [f"line {number}" for number in range(20)] == found


async def test_nothing_is_from_before_the_moment_that_is_asked_for(pages: LogPages) -> None:
    since = moment_of(START + 15 * SECOND)

    page = await pages.read(TARGET, LogRequest(2, is_last=False, since=since))

    assert ["line 15", "line 16"] == messages(page)


async def test_the_run_before_is_read_where_it_is_asked_for(pages: LogPages, logs: LogServer) -> None:
    await logs.container("web-1").restart()
    await logs.container("web-1").write("another run")

    page = await pages.read(TARGET, LogRequest(1, previous=True))

    assert ["line 18"] == messages(page)


async def test_a_pod_whose_log_cannot_be_read_leaves_the_others(pages: LogPages, logs: LogServer) -> None:
    del logs.containers["web-1", "app"]

    page = await pages.read(TARGET, LogRequest(2))

    assert ["line 17", "line 19"] == messages(page)


async def test_what_is_no_cursor_of_a_line_is_refused(pages: LogPages) -> None:
    with pytest.raises(InvalidInput):
        await pages.read(TARGET, LogRequest(1, is_last=False, after="W10"))
