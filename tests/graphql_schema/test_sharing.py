"""What was executed once is given to others only where they would have been given the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Any, cast

import pytest
import strawberry
from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type, parse
from sqlalchemy import event

from api.authorization.models import Principal
from api.database.database import Database
from graphql_schema.context import Context, Outlet
from graphql_schema.execution import Executor, Operation
from graphql_schema.limits import Limits
from graphql_schema.replies import Reply
from graphql_schema.schema import build_schema
from graphql_schema.services import Services
from graphql_schema.sharing import SHARED, Sharing, sharing_of
from tests.allowances import unlimited
from tests.graphql_schema.conftest import Graph, reader
from tests.graphql_schema.world import namespaced, settle

SEEDS = 40
PATIENCE = 30.0
PAGE = """query ($slug: String!) {
  namespace(slug: $slug) { workloads(first: 10) { edges { node { name status { phase } spec { replicas } } } } }
}"""
FOLLOW = """subscription ($slug: String!) {
  namespaceUpdated(slug: $slug) { kind workload { name status { phase } spec { replicas } pods(first: 5) { edges {
    node { name } } } } }
}"""
SCALE = """mutation ($slug: String!, $replicas: Int!) {
  scaleWorkload(input: {namespace: $slug, name: "adas-app", replicas: $replicas}) { errors { message } }
}"""


@pytest.fixture
async def listening(database: Database) -> None:
    """The database tells of rows that change: else nothing is shared."""
    async with asyncio.timeout(PATIENCE):
        await database.notifications.caught_up()


class Statements:
    """Counts what the database is asked, which every execution of a page is, and no shared reply."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._counted)

    def _counted(self, *_: object) -> None:
        self.count += 1


async def statements_of(database: Database, ask: Callable[[], Any]) -> int:
    statements = Statements(database)
    await ask()
    return statements.count


@pytest.mark.usefixtures("listening")
async def test_a_page_is_executed_once_while_nothing_changes(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)
    first = await at_rest(graph, database, ada, slug)

    again = await graph.reply(PAGE, ada, slug=slug)

    assert again is first


@pytest.mark.usefixtures("listening")
async def test_whoever_asks_at_the_same_moment_waits_for_one_execution(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    alone = await statements_of(database, lambda: graph.reply(PAGE, reader(ada), slug=slug))

    statements = Statements(database)
    replies = await asyncio.gather(*(graph.reply(PAGE, ada, slug=slug) for _ in range(20)))

    assert 1 == len({id(reply) for reply in replies})
    assert alone == statements.count


@pytest.mark.usefixtures("listening")
async def test_what_was_written_is_read_at_once(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)

    seen = []
    for replicas in (3, 1, 2):
        await graph.reply(PAGE, ada, slug=slug)
        await graph.data(SCALE, ada, slug=slug, replicas=replicas)
        page = await graph.data(PAGE, ada, slug=slug)
        seen.append(replicas_of(page))

    assert [3, 1, 2] == seen


async def test_without_notifications_each_is_executed(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    database.notifications._proven_at = float("-inf")  # as once the connection is lost

    first, again = await graph.reply(PAGE, ada, slug=slug), await graph.reply(PAGE, ada, slug=slug)

    assert first is not again


@pytest.mark.usefixtures("listening")
async def test_a_failure_is_given_to_nobody_else(graph: Graph) -> None:
    """It tells the id of one request."""
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    query = PAGE.replace("first: 10", 'first: 10, after: "nowhere"')

    replies = await asyncio.gather(*(graph.reply(query, ada, slug=slug) for _ in range(3)))

    assert all("errors" in reply.payload for reply in replies)
    assert 3 == len({id(reply) for reply in replies})


@pytest.mark.usefixtures("listening")
async def test_an_event_is_executed_once_for_all_who_ask_for_the_same(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)

    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(aclosing(follow(graph, ada, slug))) for _ in range(5)]
        firsts = [await anext(stream) for stream in streams]

    assert 1 == len({id(reply) for reply in firsts})
    assert firsts[0].payload["data"]["namespaceUpdated"]["workload"]["pods"]["edges"]


@pytest.mark.usefixtures("listening")
async def test_whoever_is_told_of_an_event_at_the_same_moment_waits_for_one_execution(graph: Graph) -> None:
    """Its pods are awaited: all of them are told before the first has its reply."""
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)

    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(aclosing(follow(graph, ada, slug))) for _ in range(5)]
        for stream in streams:
            while (await anext(stream)).payload["data"]["namespaceUpdated"]["kind"] != "SYNCED":
                pass
        waiting = [asyncio.create_task(anext(stream)) for stream in streams]
        await graph.data(SCALE, ada, slug=slug, replicas=2)
        async with asyncio.timeout(PATIENCE):
            replies = await asyncio.gather(*waiting)

    assert 1 == len({id(reply) for reply in replies})


@strawberry.type
class News:
    """One event for everybody; its text is asked for of whoever reads `asked`."""

    replies: strawberry.Private[dict[Any, Any]]
    asked: strawberry.Private[asyncio.Queue[asyncio.Future[str]]]

    @strawberry.field(metadata=SHARED)
    async def text(self) -> str:
        text: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.asked.put_nowait(text)
        return await text


@strawberry.type
class NewsQuery:
    hello: str = "world"


@strawberry.type
class NewsSubscription:
    @strawberry.subscription(metadata=SHARED)
    async def news(self, info: strawberry.Info, after: str | None = None) -> AsyncGenerator[News, None]:
        """Passes its subscriber by where that can be done."""
        event, passing = info.context.services, info.context.passing
        if passing is None or not passing(event, changed_at=None):
            yield event


NEWS = strawberry.Schema(query=NewsQuery, subscription=NewsSubscription)


def told(news: News, executor: Executor, outlet: Outlet | None = None, query: str = "text") -> Any:
    """What somebody is told who follows it."""
    context = Context(services=cast("Services", news), viewer=None, request_id="test", outlet=outlet)
    return executor.stream(Operation(f"subscription {{ news {{ {query} }} }}"), context)


async def reply_to(news: News, executor: Executor, outlet: Outlet | None = None) -> Reply:
    async with aclosing(told(news, executor, outlet)) as replies:
        reply: Reply = await anext(replies)
        return reply


async def answer(news: News, text: str = "told") -> None:
    (await news.asked.get()).set_result(text)


@pytest.fixture
def news() -> News:
    return News(replies={}, asked=asyncio.Queue())


@pytest.fixture
def newsroom() -> Executor:
    return Executor(NEWS, open_to_strangers=True)


async def test_who_waits_is_sent_what_was_executed_for_another_without_a_turn_of_their_own(
    news: News, newsroom: Executor
) -> None:
    sent: list[bytes] = []

    async with asyncio.timeout(PATIENCE):
        first, _ = await asyncio.gather(reply_to(news, newsroom, outlet=taking(sent)), answer(news))
        rest = [reply async for reply in told(news, newsroom, outlet=taking(sent))]

    assert ([first.encoded], []) == (sent, rest)


async def test_nobody_is_passed_by_with_what_was_made_by_another_operation(news: News, newsroom: Executor) -> None:
    sent: list[bytes] = []

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(reply_to(news, newsroom), answer(news))
        (reply,) = [reply async for reply in told(news, newsroom, taking(sent), query="__typename")]

    assert [] == sent
    assert {"data": {"news": {"__typename": "News"}}} == reply.payload


async def test_from_wherever_each_goes_on_all_are_told_the_same(news: News, newsroom: Executor) -> None:
    sent: list[bytes] = []

    async with asyncio.timeout(PATIENCE):
        first, _ = await asyncio.gather(anext(resumed(news, newsroom, after="1")), answer(news))
        rest = [reply async for reply in resumed(news, newsroom, taking(sent), after="2")]

    assert ([first.encoded], []) == (sent, rest)


async def test_what_differs_in_a_variable_of_an_event_s_fields_is_told_to_each(news: News, newsroom: Executor) -> None:
    sent: list[bytes] = []

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(anext(resumed(news, newsroom, short=False)), answer(news))
        (reply,) = [reply async for reply in resumed(news, newsroom, taking(sent), short=True)]

    assert ([], {"data": {"news": {"kind": "News"}}}) == (sent, reply.payload)


def resumed(
    news: News, executor: Executor, outlet: Outlet | None = None, *, after: str = "1", short: bool = False
) -> Any:
    """What somebody is told who goes on from a place."""
    context = Context(services=cast("Services", news), viewer=None, request_id="test", outlet=outlet)
    query = """subscription ($after: String, $short: Boolean!) {
      news(after: $after) { kind: __typename ...Long @skip(if: $short) }
    } fragment Long on News { text }"""
    return executor.stream(Operation(query, {"after": after, "short": short}), context)


async def test_who_cannot_be_sent_it_at_once_is_told_as_ever(news: News, newsroom: Executor) -> None:
    async with asyncio.timeout(PATIENCE):
        first, _ = await asyncio.gather(reply_to(news, newsroom), answer(news))
        (reply,) = [reply async for reply in told(news, newsroom, outlet=lambda _: False)]

    assert first is reply


def taking(sent: list[bytes]) -> Outlet:
    def take(reply: bytes) -> bool:
        sent.append(reply)
        return True

    return take


@pytest.mark.parametrize("half", [None, "\ud800"])
async def test_where_nothing_comes_of_one_execution_each_does_what_it_can(
    news: News, newsroom: Executor, half: str | None
) -> None:
    """The resolver fails; or what it gives cannot be written, as JSON has no half of a character."""
    count = 20
    readers = [asyncio.create_task(reply_to(news, newsroom)) for _ in range(count)]

    async with asyncio.timeout(PATIENCE):
        first = await news.asked.get()
        if half is None:
            first.set_exception(RuntimeError("not now"))
            await answer(news)
        else:
            first.set_result(half)
        for _ in range(count - 1):
            await answer(news)
        replies = await asyncio.gather(*readers)

    told = [reply.payload["data"]["news"]["text"] for reply in replies if not reply.errors]
    assert ["told"] * (count if half is None else count - 1) == told


async def test_who_goes_while_an_event_is_executed_for_all_keeps_nobody_from_it(news: News, newsroom: Executor) -> None:
    readers = [asyncio.create_task(reply_to(news, newsroom)) for _ in range(3)]

    async with asyncio.timeout(PATIENCE):
        first = await news.asked.get()
        readers[0].cancel()
        await answer(news)
        replies = await asyncio.gather(*readers[1:])

    assert first.cancelled()
    assert [{"data": {"news": {"text": "told"}}}] * 2 == [reply.payload for reply in replies]
    assert news.asked.empty()


def follow(graph: Graph, viewer: Principal, slug: str, query: str = FOLLOW) -> Any:
    context = Context(services=graph.services, viewer=viewer, request_id="test")
    return graph.executor.stream(Operation(query, {"slug": slug}), context)


async def at_rest(graph: Graph, database: Database, viewer: Principal, slug: str) -> Reply:
    """A reply after which nothing changes: the kubelet has told everything, and PostgreSQL all that was written."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await database.notifications.caught_up()
            reply = await graph.reply(PAGE, viewer, slug=slug)
            moment = graph.services.workloads.moment([slug])
            await database.notifications.caught_up()
            if moment == graph.services.workloads.moment([slug]):
                return await graph.reply(PAGE, viewer, slug=slug)
            del reply


def replicas_of(page: dict[str, Any]) -> int:
    edges = page["namespace"]["workloads"]["edges"]
    (app,) = (edge["node"] for edge in edges if edge["node"]["name"] == "adas-app")
    replicas: int = app["spec"]["replicas"]
    return replicas


# Which operations may be shared.


@pytest.mark.parametrize(
    ("query", "sharing", "slugs"),
    [
        ('{ namespace(slug: "a") { name } }', Sharing.VIEWER, {"a"}),
        ('{ namespace(slug: "a") { name } workload(namespace: "b", name: "c") { name } }', Sharing.VIEWER, {"a", "b"}),
        ('{ namespace(slug: "a") { metrics { range { startSeconds: __typename } } } }', Sharing.NONE, set()),
        ('{ namespace(slug: "a") { manifest } }', Sharing.NONE, set()),
        ('{ namespace(slug: "a") { name } viewer { id } }', Sharing.NONE, set()),
        ("{ cluster { kind } }", Sharing.NONE, set()),
        ("{ __schema { types { name } } }", Sharing.NONE, set()),
        ('{ ...F } fragment F on Query { namespace(slug: "a") { name } }', Sharing.NONE, set()),
        ('subscription { namespaceUpdated(slug: "a") { kind } }', Sharing.ALL, set()),
        ('subscription { namespaceUpdated(slug: "a") { workload { namespace { name } } } }', Sharing.VIEWER, set()),
        ('subscription { namespaceUpdated(slug: "a") { workload { manifest } } }', Sharing.NONE, set()),
        ('mutation { deleteWorkload(input: {namespace: "a", name: "b"}) { deletedId } }', Sharing.NONE, set()),
    ],
)
def test_what_a_document_may_share_follows_from_its_fields(query: str, sharing: Sharing, slugs: set[str]) -> None:
    document = parse(query)
    (operation, *_) = document.definitions

    shared = sharing_of(SCHEMA, document, operation, {})  # type: ignore[arg-type]  # it is an operation

    assert (sharing, slugs) == (shared.sharing, set(shared.slugs))


SCHEMA: GraphQLSchema = build_schema()._schema


# That nothing crosses rights.


class Selections:
    """Documents about a namespace: any of its fields, those that are shared and those that are not."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def query(self) -> str:
        below = self._of(SCHEMA.type_map["Namespace"], levels=3)
        return f"query ($slug: String!) {{ namespace(slug: $slug) {below} }}"

    def _of(self, type_: GraphQLNamedType, levels: int) -> str:
        assert isinstance(type_, GraphQLObjectType)
        fields = [text for name in type_.fields for text in self._field(type_, name, levels)]
        return "{ __typename " + " ".join(fields) + " }"

    def _field(self, parent: GraphQLObjectType, name: str, levels: int) -> Iterator[str]:
        field = parent.fields[name]
        below = get_named_type(field.type)
        is_shell = below.name.endswith(("Connection", "Edge"))
        if name in CHANGING or (not is_shell and self._random.random() < 0.5):
            return
        arguments = "(first: 3)" if "first" in field.args else ""
        if is_leaf_type(below):
            yield name
        elif isinstance(below, GraphQLObjectType) and (levels or is_shell):
            yield f"{name}{arguments} {self._of(below, levels if is_shell else levels - 1)}"


CHANGING = {"asOf", "metrics", "manifest", "pageInfo"}
"""What differs from one moment to the next, whoever asks."""


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("seeds", [range(start, start + SEEDS // 4) for start in range(0, SEEDS, SEEDS // 4)])
async def test_nothing_crosses_rights(graph: Graph, seeds: Sequence[int]) -> None:
    """Whatever was asked by whomever before, everybody is answered as by a server that shares nothing."""
    limits = Limits(tokens=20_000, aliases=100, nodes=1_000_000, root_fields=50, depth=30)
    sharing, alone = (
        Executor(
            build_schema(),
            open_to_strangers=True,
            limits=limits,
            allowances=unlimited(),
            deadline=30,
            kept_seconds=seconds,
        )
        for seconds in (60, 0)
    )
    ada, eve = await graph.sign_up("ada"), await graph.sign_up("eve")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)
    viewers = [ada, eve, reader(ada), replace(ada, scopes=frozenset()), None]

    for seed in seeds:
        query = Selections(seed).query()
        order = random.Random(seed).sample(viewers * 2, k=len(viewers) * 2)
        for viewer in order:
            shared, own = [await reply_of(each, graph, query, viewer, slug) for each in (sharing, alone)]
            assert own == shared, (query, viewer)


async def reply_of(executor: Executor, graph: Graph, query: str, viewer: Principal | None, slug: str) -> dict[str, Any]:
    context = Context(services=graph.services, viewer=viewer, request_id="test")
    return (await executor.execute(Operation(query, {"slug": slug}), context)).payload


@pytest.mark.usefixtures("listening")
async def test_an_event_crosses_no_rights(graph: Graph) -> None:
    """Who may not see the namespace is told nothing, whoever is told of it at the same time."""
    ada, eve = await graph.sign_up("ada"), await graph.sign_up("eve")
    slug = await namespaced(graph, ada, "team")
    await settle(graph, ada, slug)
    seen = follow(graph, ada, slug)
    await anext(seen)

    replies = [reply async for reply in follow(graph, eve, slug)]
    await seen.aclose()

    assert [["NOT_FOUND"]] == [[error["extensions"]["code"] for error in each.payload["errors"]] for each in replies]
