"""Vigils: who follows something ends with their credential, and however many follow, it is asked about once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest

from api.authorization.models import Principal, Role, Scope
from api.authorization.vigils import Vigils
from api.errors import Unauthenticated, Unavailable

ADA = Principal(
    user_id=uuid4(), email="ada@example.com", role=Role.MEMBER, scopes=frozenset({Scope.READ}), session_id=uuid4()
)
PATIENCE = 5


class Sessions:
    """Who is signed in, by scripted answers, and how often that was asked."""

    def __init__(self) -> None:
        self.answer: bool | Exception = True
        self.asked = 0
        self.ready = asyncio.Event()
        self.ready.set()
        self.begun, self.left = asyncio.Event(), asyncio.Event()
        """It was asked for the first time; nobody follows any more."""
        self._followers: list[Callable[[], None]] = []

    async def still_valid(self, principal: Principal) -> bool:
        self.asked += 1
        self.begun.set()
        await self.ready.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    tells_of_changes = True

    @contextmanager
    def following(self, principal: Principal, told: Callable[[], None]) -> Iterator[None]:
        self._followers.append(told)
        try:
            yield
        finally:
            self._followers.remove(told)
            self.left.set()

    def change(self) -> None:
        """Something of Ada's session is different; who asks is answered once `ready` is set."""
        for told in self._followers:
            told()


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def ended() -> asyncio.Event:
    return asyncio.Event()


async def test_who_follows_is_told_that_the_session_has_ended(sessions: Sessions, ended: asyncio.Event) -> None:
    with Vigils.relying_on(sessions).over(ADA, ended.set) as vigil:
        await asyncio.wait_for(sessions.begun.wait(), PATIENCE)
        sessions.answer = False
        sessions.change()
        await asyncio.wait_for(ended.wait(), PATIENCE)

        assert vigil.has_ended
        with pytest.raises(Unauthenticated):
            await vigil.require()


async def test_thousands_who_follow_by_one_session_ask_once(sessions: Sessions) -> None:
    vigils, ended = Vigils.relying_on(sessions), [asyncio.Event() for _ in range(1_000)]
    with ExitStack() as stack:
        for each in ended:
            stack.enter_context(vigils.over(ADA, each.set))
        await asyncio.wait_for(sessions.begun.wait(), PATIENCE)
        sessions.answer = False
        sessions.change()
        await asyncio.wait_for(asyncio.gather(*(each.wait() for each in ended)), PATIENCE)

    assert 2 == sessions.asked


async def test_nobody_is_told_anything_while_it_is_asked(sessions: Sessions, ended: asyncio.Event) -> None:
    with Vigils.relying_on(sessions).over(ADA, ended.set) as vigil:
        await asyncio.wait_for(sessions.begun.wait(), PATIENCE)
        sessions.ready.clear()
        sessions.change()
        asking = asyncio.create_task(vigil.require())
        done, _ = await asyncio.wait([asking], timeout=0.01)
        before = vigil.is_settled
        sessions.ready.set()
        await asyncio.wait_for(asking, PATIENCE)

        assert (set(), False, True) == (done, before, vigil.is_settled)


async def test_nobody_is_told_anything_before_it_was_asked_for_the_first_time(
    sessions: Sessions, ended: asyncio.Event
) -> None:
    """Between the request that somebody was let in by, and this, they may have been signed out."""
    sessions.ready.clear()
    with Vigils.relying_on(sessions).over(ADA, ended.set) as vigil:
        before = vigil.is_settled
        sessions.ready.set()
        await asyncio.wait_for(vigil.require(), PATIENCE)

        assert (False, True) == (before, vigil.is_settled)


async def test_an_answer_that_is_older_than_a_change_lets_nobody_go_on() -> None:
    """The database was read, then the session was ended, and the answer came last."""
    asked: asyncio.Queue[asyncio.Future[bool]] = asyncio.Queue()
    sessions = Sessions()

    async def still_valid(principal: Principal) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        asked.put_nowait(answer)
        return await answer

    async with asyncio.timeout(PATIENCE):
        with Vigils(still_valid, following=sessions.following).over(ADA, lambda: None) as vigil:
            first = await asked.get()
            sessions.change()
            first.set_result(True)
            second = await asked.get()
            before = vigil.is_settled
            second.set_result(False)
            with pytest.raises(Unauthenticated):
                await vigil.require()

    assert not before


async def test_where_nobody_tells_it_is_asked_again_and_again(sessions: Sessions, ended: asyncio.Event) -> None:
    with Vigils(sessions.still_valid, recheck=0.01).over(ADA, ended.set):
        await asyncio.wait_for(sessions.begun.wait(), PATIENCE)
        sessions.answer = False
        await asyncio.wait_for(ended.wait(), PATIENCE)


async def test_while_the_database_is_away_everything_goes_on(sessions: Sessions, ended: asyncio.Event) -> None:
    sessions.answer = Unavailable("The database does not answer.", part="database")
    with Vigils(sessions.still_valid, recheck=0.01).over(ADA, ended.set) as vigil:
        async with asyncio.timeout(PATIENCE):
            while sessions.asked < 3:
                await vigil.require()
                await asyncio.sleep(0)
        sessions.answer = False
        await asyncio.wait_for(ended.wait(), PATIENCE)


async def test_who_cannot_be_asked_about_by_a_mistake_of_ours_is_let_out(
    sessions: Sessions, ended: asyncio.Event
) -> None:
    sessions.answer = RuntimeError("a mistake")
    with Vigils.relying_on(sessions).over(ADA, ended.set):
        await asyncio.wait_for(ended.wait(), PATIENCE)


async def test_a_vigil_ends_with_the_last_who_relies_on_it(sessions: Sessions, ended: asyncio.Event) -> None:
    vigils = Vigils.relying_on(sessions)
    with vigils.over(ADA, ended.set):
        with vigils.over(ADA, ended.set):
            await asyncio.wait_for(sessions.begun.wait(), PATIENCE)
        left_early = sessions.left.is_set()
    await asyncio.wait_for(sessions.left.wait(), PATIENCE)

    assert (False, False) == (left_early, ended.is_set())


async def test_who_comes_after_the_end_is_asked_about_anew(sessions: Sessions, ended: asyncio.Event) -> None:
    vigils = Vigils.relying_on(sessions)
    sessions.answer = False
    with vigils.over(ADA, ended.set):
        await asyncio.wait_for(ended.wait(), PATIENCE)
        sessions.answer = True
        with vigils.over(ADA, lambda: None) as anew:
            await anew.require()

            assert not anew.has_ended
