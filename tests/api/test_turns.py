"""Long work is done in turns of the event loop, and few are at work at once."""

from __future__ import annotations

import asyncio
from functools import partial

from api.turns import Batches, Turns

SECONDS, AT_ONCE = 10.0, 3
PATIENCE = 5


class Work:
    """Pieces of work that move a clock on, and the number of the event loop's turn in which each was begun."""

    def __init__(self, *, pulse: float = 0.001) -> None:
        self.turns = Turns(seconds=SECONDS, at_once=AT_ONCE, pulse=pulse, clock=lambda: self.now)
        self.begun: list[tuple[str, int]] = []
        self.now = 0.0
        self._turn = 0

    async def piece(self, name: str, seconds: float, until: asyncio.Event | None = None) -> None:
        """Work for some seconds, then wait."""
        async with self.turns:
            self.begun.append((name, self._turn))
            self.now += seconds
            if until is not None:
                await until.wait()

    async def paced(self, name: str, seconds: float, until: asyncio.Event) -> str:
        """Wait, then work for some seconds, in a turn that has room for it."""
        async with self.turns:
            return await self.turns.paced(self.once_told(name, seconds, until))

    async def once_told(self, name: str, seconds: float, until: asyncio.Event) -> str:
        try:
            await until.wait()
        except asyncio.CancelledError:
            self.note(f"{name} gave up")
            raise
        self.note(name)
        self.now += seconds
        return name

    async def pass_turns(self, count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)
            self._turn += 1

    async def done(self, *tasks: asyncio.Task[None] | asyncio.Task[str]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not all(task.done() for task in tasks):
                await self.pass_turns(1)

    def begin(self, name: str, seconds: float, until: asyncio.Event | None = None) -> asyncio.Task[None]:
        return asyncio.create_task(self.piece(name, seconds, until))

    def note(self, name: str) -> None:
        """What is done at once, by whoever is called back."""
        self.begun.append((name, self._turn))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.begun]


async def test_what_is_short_is_done_in_one_turn() -> None:
    work = Work()

    await work.done(*(work.begin(name, 1) for name in "abcdef"))

    assert [(name, 0) for name in "abcdef"] == work.begun


async def test_where_a_turn_has_taken_long_what_else_there_is_waits_for_turns_of_its_own_in_order() -> None:
    work = Work()

    await work.done(*(work.begin(name, 6) for name in "abcde"))

    turns = [turn for _, turn in work.begun]
    assert [*"abcde"] == work.names
    assert 0 == turns[0] == turns[1] < turns[2] == turns[3] < turns[4]


async def test_few_are_at_work_at_once_and_who_is_done_makes_room() -> None:
    work, over = Work(pulse=PATIENCE), asyncio.Event()
    waiting = [work.begin(name, 1, over) for name in "abcde"]
    await work.pass_turns(10)
    before = work.names

    over.set()
    await work.done(*waiting)

    assert [*"abc"] == before
    assert [*"abcde"] == work.names


async def test_while_those_at_work_only_wait_others_begin() -> None:
    work, over = Work(), asyncio.Event()
    waiting = [work.begin(name, 1, over) for name in "abcdefgh"]

    await work.done(work.begin("i", 1))
    over.set()
    await work.done(*waiting)

    assert [*"abcdefghi"] == work.names


async def test_where_there_is_always_much_to_do_others_begin_in_the_end() -> None:
    work, over = Work(), asyncio.Event()
    waiting = [work.begin(name, 1, over) for name in "abcd"]

    async with asyncio.timeout(PATIENCE):
        while len(work.begun) < len(waiting):
            work.now += 1  # whatever is due comes late
            await work.pass_turns(1)
    over.set()
    await work.done(*waiting)

    assert [*"abcd"] == work.names


async def test_many_that_are_short_are_done_in_few_turns() -> None:
    """However long each turn takes for other reasons."""
    work = Work()
    await work.done(work.begin("long", 2 * SECONDS), *(work.begin(str(number), 0.01) for number in range(500)))

    assert [str(number) for number in range(500)] == work.names[1:]
    assert len({turn for _, turn in work.begun}) < 30


async def test_who_comes_later_does_not_pass_those_who_wait() -> None:
    work = Work()
    first = [work.begin(name, seconds) for name, seconds in (("a", 20), ("b", 1), ("c", 1))]
    await work.pass_turns(1)

    await work.done(*first, work.begin("late", 1))

    assert ["a", "b", "c", "late"] == work.names


async def test_who_has_given_up_keeps_nobody_waiting() -> None:
    work, over = Work(pulse=PATIENCE), asyncio.Event()
    held = [work.begin(name, 1, over) for name in "abc"]
    given_up, other = work.begin("given up", 1), work.begin("other", 1)
    await work.pass_turns(2)

    given_up.cancel()
    over.set()
    await work.done(*held, other)

    assert ["a", "b", "c", "other"] == work.names


async def test_who_gives_up_as_room_is_there_leaves_it_to_others() -> None:
    work, overs = Work(pulse=PATIENCE), [asyncio.Event() for _ in range(AT_ONCE)]
    held = [work.begin(name, 1, over) for name, over in zip("abc", overs, strict=True)]
    given_up, other = work.begin("given up", 1), work.begin("other", 1)
    await work.pass_turns(2)

    overs[0].set()
    asyncio.get_running_loop().call_soon(given_up.cancel)  # as room is given to who waits longest
    await work.done(other)
    for over in overs:
        over.set()
    await work.done(*held)

    assert ["a", "b", "c", "other"] == work.names


async def test_those_at_work_go_on_in_turns_that_have_room_once_they_have_what_they_waited_for() -> None:
    work, over = Work(pulse=PATIENCE), asyncio.Event()
    waiting = [asyncio.create_task(work.paced(name, 6, over)) for name in "abc"]
    await work.pass_turns(2)

    over.set()
    await work.done(*waiting)

    turns = [turn for _, turn in work.begun]
    assert ([*"abc"], [*"abc"]) == (work.names, [task.result() for task in waiting])
    assert turns[0] == turns[1] < turns[2]


async def test_who_gives_up_while_there_is_no_room_to_go_on_is_told_so_and_keeps_nobody_waiting() -> None:
    work, over = Work(pulse=PATIENCE), asyncio.Event()
    first, given_up, other = (asyncio.create_task(work.paced(name, SECONDS, over)) for name in "abc")
    await work.pass_turns(2)

    over.set()
    await work.pass_turns(1)
    given_up.cancel()
    await work.done(first, given_up, other)

    assert ["a", "b gave up", "c"] == work.names
    assert given_up.cancelled()


async def test_what_is_paced_fails_as_it_would_and_in_turn() -> None:
    work, failing = Work(pulse=PATIENCE), asyncio.get_running_loop().create_future()

    async def tried(name: str) -> None:
        try:
            await failing
        except LookupError:
            work.note(name)
            work.now += 6
        raise ValueError(name)

    async def paced(name: str) -> None:
        async with work.turns:
            await work.turns.paced(tried(name))

    trying = [asyncio.create_task(paced(name)) for name in "abc"]
    await work.pass_turns(2)
    failing.set_exception(LookupError())
    await work.done(*trying)

    turns = [turn for _, turn in work.begun]
    errors = [task.exception() for task in trying]
    assert ([*"abc"], [*"abc"]) == (work.names, [str(error) for error in errors])
    assert turns[0] == turns[1] < turns[2]
    assert [None] * 3 == [error and error.__context__ for error in errors]


async def test_whoever_always_has_something_to_do_leaves_turns_to_who_goes_on_and_to_who_begins() -> None:
    work, over, begun = Work(pulse=PATIENCE), asyncio.Event(), asyncio.Event()

    async def busy() -> None:
        while not begun.is_set():
            await asyncio.sleep(0)
            work.now += 2 * SECONDS

    async def at_work() -> None:
        async with work.turns:
            await work.turns.paced(busy())

    working = asyncio.create_task(at_work())
    going_on = asyncio.create_task(work.paced("goes on", 1, over))
    await work.pass_turns(2)
    over.set()
    await work.done(going_on, work.begin("begins", 1))
    begun.set()
    await work.done(working)

    assert {"goes on", "begins"} == set(work.names)


async def test_of_many_short_things_so_many_are_done_in_each_turn_in_order() -> None:
    work, batches = Work(), Batches(most=2)
    for name in "abcde":
        batches.add(partial(work.note, name))

    await work.pass_turns(1)
    batches.add(partial(work.note, "f"))
    await work.pass_turns(3)
    batches.add(partial(work.note, "g"))
    await work.pass_turns(1)

    assert [("a", 0), ("b", 0), ("c", 1), ("d", 1), ("e", 2), ("f", 2), ("g", 4)] == work.begun


async def test_one_that_fails_keeps_none_of_the_others_from_being_done() -> None:
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(str(context["exception"])))
    work, batches = Work(), Batches(most=2)
    for do in (partial(work.note, "a"), fail, partial(work.note, "b"), fail, partial(work.note, "c")):
        batches.add(do)

    await work.pass_turns(5)

    assert (["a", "b", "c"], ["no", "no"]) == (work.names, told)


def fail() -> None:
    raise ValueError("no")
