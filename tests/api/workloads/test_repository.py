"""The rows of workloads, revisions and plans, on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, insert, select, text

from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import NamespaceRow, PlanRow, UserRow
from api.manifests.models import ChangeAction, FieldChange, WorkloadKind, WorkloadSpec
from api.workloads.models import RevisionCause, RevisionState
from api.workloads.plans import PlanRepository
from api.workloads.records import PlanRecord, WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import NewRevision, RevisionRepository

SPEC = WorkloadSpec(name="web", image="registry.example/web:1")
CHANGE = FieldChange(path="image", action=ChangeAction.UPDATE, before='"a"', after='"b"')


@pytest.fixture
async def owner_id(database: Database) -> UUID:
    owner_id = uuid4()
    async with database.session() as session:
        values = {"id": owner_id, "email": "ada@example.com", "display_name": "Ada", "role": "member"}
        await session.execute(insert(UserRow).values(values))
    return owner_id


@pytest.fixture
async def namespace_id(database: Database, owner_id: UUID) -> UUID:
    namespace_id = uuid4()
    async with database.session() as session:
        values = {"id": namespace_id, "owner_id": owner_id, "name": "shop", "slug": "shop-abc234", "phase": "active"}
        await session.execute(insert(NamespaceRow).values(values))
    return namespace_id


async def add_workload(database: Database, namespace_id: UUID, name: str) -> UUID:
    workload_id = uuid4()
    async with database.session() as session:
        added = await WorkloadRepository(session).add(
            workload_id=workload_id, namespace_id=namespace_id, name=name, kind=WorkloadKind.WEB_SERVICE
        )
    assert added
    return workload_id


async def add_revision(
    database: Database, workload_id: UUID, number: int, author_id: UUID, *, applied: bool = True, template: int = 1
) -> UUID:
    revision = NewRevision(
        id=uuid4(),
        workload_id=workload_id,
        cause=RevisionCause.DEPLOY,
        spec=replace(SPEC, replicas=number),
        secrets=b"sealed",
        author_id=author_id,
        message=None,
        changes=(CHANGE,),
    )
    async with database.session() as session:
        await RevisionRepository(session).add(revision, number=number, template_revision=template)
        if applied:
            await RevisionRepository(session).mark(revision.id, RevisionState.APPLIED)
            await WorkloadRepository(session).point_to(workload_id, number)
    return revision.id


async def by_id(database: Database, workload_id: UUID) -> WorkloadRecord | None:
    async with database.session() as session:
        return await WorkloadRepository(session).by_id(workload_id)


async def test_a_workload_comes_with_its_first_revision_while_that_is_applied(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    workload_id = await add_workload(database, namespace_id, "web")
    await add_revision(database, workload_id, 1, owner_id, applied=False)

    record = await by_id(database, workload_id)

    assert record is not None
    assert (None, 1, 1) == (record.revision, record.applying, record.spec.replicas)


async def test_a_workload_comes_with_the_revision_that_counts_beside_the_one_being_applied(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    workload_id = await add_workload(database, namespace_id, "web")
    await add_revision(database, workload_id, 1, owner_id)
    await add_revision(database, workload_id, 2, owner_id)
    await add_revision(database, workload_id, 3, owner_id, applied=False)

    record = await by_id(database, workload_id)

    assert record is not None
    assert (2, 3, 2) == (record.revision, record.applying, record.spec.replicas)


async def test_a_page_of_fifty_workloads_is_one_statement(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    for number in range(50):
        workload_id = await add_workload(database, namespace_id, f"web-{number:02}")
        await add_revision(database, workload_id, 1, owner_id)
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )

    async with database.session() as session:
        page = await WorkloadRepository(session).page(namespace_id, PageRequest(first=50))

    assert (50, 50, "web-00") == (len(page.items), page.total, page.items[0].name)
    assert 1 == len(statements)


async def test_a_name_is_free_again_once_its_workload_is_deleted(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    first = await add_workload(database, namespace_id, "web")
    await add_revision(database, first, 1, owner_id)
    async with database.session() as session:
        await WorkloadRepository(session).mark_deleted(first)

    second = await add_workload(database, namespace_id, "web")

    assert await by_id(database, first) is None
    assert first != second


async def test_a_name_is_taken_once(database: Database, namespace_id: UUID) -> None:
    await add_workload(database, namespace_id, "web")

    async with database.session() as session:
        added = await WorkloadRepository(session).add(
            workload_id=uuid4(), namespace_id=namespace_id, name="web", kind=WorkloadKind.WEB_SERVICE
        )

    assert not added


async def test_a_locked_workload_makes_the_next_writer_wait_and_see_what_was_written(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    """The lost update that a read before the lock would make: the second writer must see revision 2."""
    workload_id = await add_workload(database, namespace_id, "web")
    await add_revision(database, workload_id, 1, owner_id)
    await add_revision(database, workload_id, 2, owner_id, applied=False)

    async def second() -> WorkloadRecord | None:
        async with database.session() as session:
            return await WorkloadRepository(session).lock(workload_id)

    async with database.session() as session:
        await WorkloadRepository(session).lock(workload_id)
        waiting = asyncio.create_task(second(), name="second writer")
        await until_it_waits(database, waiting)
        await WorkloadRepository(session).point_to(workload_id, 2)

    record = await waiting
    assert record is not None
    assert 2 == record.revision


async def until_it_waits(database: Database, writer: asyncio.Task[WorkloadRecord | None]) -> None:
    """Wait until PostgreSQL itself says that somebody waits for a lock; a writer that is done did not wait."""
    ungranted = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(10):
        while not writer.done():
            async with database.session() as session:
                if await session.scalar(ungranted):
                    return


async def test_revisions_come_newest_first_with_their_changes(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    workload_id = await add_workload(database, namespace_id, "web")
    for number in (1, 2, 3):
        await add_revision(database, workload_id, number, owner_id)

    async with database.session() as session:
        page = await RevisionRepository(session).page(workload_id, PageRequest(first=2))

    assert [(3, True), (2, False)] == [(revision.number, revision.is_current) for revision in page.items]
    assert (CHANGE,) == page.items[0].changes
    assert (3, True) == (page.total, page.has_next)


def plan_record(namespace_id: UUID, owner_id: UUID, *, minutes: float = 15) -> PlanRecord:
    return PlanRecord(
        id=uuid4(),
        namespace_id=namespace_id,
        principal_id=owner_id,
        spec=SPEC,
        base_revision=None,
        fingerprint="",
        base=(),
        action=ChangeAction.CREATE,
        expires_at=datetime.now(UTC) + timedelta(minutes=minutes),
        used_at=None,
    )


async def test_of_many_that_use_a_plan_one_gets_it(database: Database, namespace_id: UUID, owner_id: UUID) -> None:
    plan = plan_record(namespace_id, owner_id)
    async with database.session() as session:
        await PlanRepository(session).add(plan, secrets=b"sealed")

    async def use() -> bool:
        async with database.session() as session:
            return await PlanRepository(session).use(plan.id, now=datetime.now(UTC))

    outcomes = await asyncio.gather(*(use() for _ in range(8)))

    assert 1 == sum(outcomes)


async def test_a_plan_that_was_used_forgets_its_secrets(database: Database, namespace_id: UUID, owner_id: UUID) -> None:
    plan = plan_record(namespace_id, owner_id)
    async with database.session() as session:
        await PlanRepository(session).add(plan, secrets=b"sealed")
        await PlanRepository(session).use(plan.id, now=datetime.now(UTC))

    async with database.session() as session:
        assert await PlanRepository(session).sealed_secrets(plan.id) is None


async def test_plans_that_expired_are_forgotten_with_the_next(
    database: Database, namespace_id: UUID, owner_id: UUID
) -> None:
    for minutes in (-1, 15):
        async with database.session() as session:
            await PlanRepository(session).add(plan_record(namespace_id, owner_id, minutes=minutes), secrets=None)

    async with database.session() as session:
        assert 1 == await session.scalar(select(func.count()).select_from(PlanRow))
