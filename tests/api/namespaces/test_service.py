"""Namespaces, on PostgreSQL and on an API server over HTTP."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from api.authorization.models import Principal, Scope
from api.clusters.cluster import Cluster
from api.clusters.objects import NAMESPACE_ID, OWNER_ID, Kind
from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import NamespaceRow
from api.errors import Forbidden, InvalidInput, MoorageError, NameTaken, NotFound, QuotaExceeded, Unavailable
from api.namespaces.models import NamespacePhase
from api.namespaces.repository import NamespaceRepository
from api.namespaces.service import NamespaceService
from tests.api.clusters.embedded.client import Client
from tests.api.people import SignUp
from tests.api.proxy import FAILING, Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.waiting import until

PARTS = 7
"""Objects that a namespace is made of; a test holds the number."""


async def recorded(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(NamespaceRow)) or 0


async def ours(cluster: Cluster, owner: Principal) -> list[str]:
    """The owner's namespaces in the cluster that are not on their way out."""
    found = await cluster.list(Kind.NAMESPACE, None, label_selector=f"{OWNER_ID}={owner.user_id}")
    return [each["metadata"]["name"] for each in found if "deletionTimestamp" not in each["metadata"]]


async def test_a_namespace_is_created_with_all_that_guards_it(
    namespaces: NamespaceService, cluster: Cluster, ada: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")

    live = await cluster.get(Kind.NAMESPACE, None, namespace.slug)
    assert live is not None
    labels = live["metadata"]["labels"]
    assert ("shop", NamespacePhase.ACTIVE) == (namespace.name, namespace.phase)
    assert (str(namespace.id), str(ada.user_id)) == (labels[NAMESPACE_ID], labels[OWNER_ID])
    assert ["restricted"] * 3 == [labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn", "audit")]
    for kind in (Kind.RESOURCE_QUOTA, Kind.LIMIT_RANGE, Kind.NETWORK_POLICY, Kind.ROLE, Kind.ROLE_BINDING):
        assert await cluster.list(kind, namespace.slug), kind


async def test_a_namespace_just_created_can_be_read_at_once(namespaces: NamespaceService, ada: Principal) -> None:
    """Read your own write: the Store has seen it when `create` returns."""
    namespace = await namespaces.create(ada, "shop")

    assert namespace == await namespaces.get(ada, namespace.slug)
    assert namespace == await namespaces.get_by_id(ada, namespace.id)
    assert (namespace,) == (await namespaces.list(ada, PageRequest())).items


@only_embedded
@pytest.mark.parametrize("fault", FAILING)
@pytest.mark.parametrize("number", range(1, PARTS + 1))
async def test_a_creation_that_fails_at_any_object_leaves_nothing(
    *,
    namespaces: NamespaceService,
    cluster: Cluster,
    database: Database,
    proxy: FaultyProxy,
    ada: Principal,
    number: int,
    fault: Fault,
) -> None:
    """Whichever write fails, and even where it was carried out: whole, or not at all."""
    proxy.fail_creation(number, fault)

    with pytest.raises(MoorageError):
        await namespaces.create(ada, "shop")

    proxy.heal()
    await namespaces.settled()
    assert [] == await ours(cluster, ada)
    assert 0 == await recorded(database)
    assert "shop" == (await namespaces.create(ada, "shop")).name


@only_embedded
async def test_the_failures_above_are_tried_for_every_object(
    namespaces: NamespaceService, proxy: FaultyProxy, ada: Principal
) -> None:
    await namespaces.create(ada, "shop")

    assert PARTS == sum(request.is_creation for request in proxy.seen)


@only_embedded
async def test_a_creation_whose_ownership_cannot_be_settled_leaves_nothing(
    namespaces: NamespaceService, cluster: Cluster, database: Database, proxy: FaultyProxy, ada: Principal
) -> None:
    """The write after each POST fails too: the object is there then, and its creation has failed."""
    proxy.fail_when(lambda request: request.method == "PATCH" and "networkpolicies" in request.path, Fault.DENIED)

    with pytest.raises(MoorageError):
        await namespaces.create(ada, "shop")

    await namespaces.settled()
    assert [] == await ours(cluster, ada)
    assert 0 == await recorded(database)


async def test_an_error_says_which_object_was_refused(
    namespaces: NamespaceService, proxy: FaultyProxy, ada: Principal
) -> None:
    proxy.fail_when(lambda request: request.method == "POST" and "limitranges" in request.path, Fault.DENIED)

    with pytest.raises(MoorageError, match="LimitRange"):
        await namespaces.create(ada, "shop")


@only_embedded
async def test_a_creation_that_is_cancelled_leaves_nothing(
    namespaces: NamespaceService, cluster: Cluster, database: Database, proxy: FaultyProxy, ada: Principal
) -> None:
    creation = asyncio.create_task(namespaces.create(ada, "shop"), name="create")
    await proxy.until_seen(lambda request: request.is_creation and request.path.endswith("/resourcequotas"))
    creation.cancel()

    with pytest.raises(asyncio.CancelledError):
        await creation
    await namespaces.settled()
    assert [] == await ours(cluster, ada)
    assert 0 == await recorded(database)


async def test_a_name_is_taken_once_by_each_owner(namespaces: NamespaceService, ada: Principal, eve: Principal) -> None:
    first = await namespaces.create(ada, "shop")
    second = await namespaces.create(eve, "shop")

    with pytest.raises(NameTaken) as refusal:
        await namespaces.create(ada, "shop")

    assert ("name",) == refusal.value.path
    assert first.slug != second.slug


@only_embedded
async def test_of_two_creations_of_one_name_one_wins(
    namespaces: NamespaceService, cluster: Cluster, ada: Principal
) -> None:
    outcomes = await asyncio.gather(*(namespaces.create(ada, "shop") for _ in range(2)), return_exceptions=True)

    assert 1 == sum(isinstance(outcome, NameTaken) for outcome in outcomes)
    assert 1 == len(await ours(cluster, ada))


@only_embedded
async def test_a_user_has_as_many_namespaces_as_the_limit_says(namespaces: NamespaceService, ada: Principal) -> None:
    """Though they are asked for all at once."""
    names = [f"shop-{number}" for number in range(5)]

    outcomes = await asyncio.gather(*(namespaces.create(ada, name) for name in names), return_exceptions=True)

    refusals = [outcome for outcome in outcomes if isinstance(outcome, QuotaExceeded)]
    assert 2 == len(refusals)
    assert ("namespaces", "3", "3") == (refusals[0].resource, refusals[0].used, refusals[0].limit)
    assert 3 == (await namespaces.list(ada, PageRequest())).total


@only_embedded
async def test_a_bad_name_is_refused_before_anything_is_recorded(
    namespaces: NamespaceService, database: Database, ada: Principal
) -> None:
    with pytest.raises(InvalidInput):
        await namespaces.create(ada, "kube-system")

    assert 0 == await recorded(database)


async def test_nobody_sees_anothers_namespace(namespaces: NamespaceService, ada: Principal, eve: Principal) -> None:
    """Another's and none at all look alike, to the letter."""
    mine = await namespaces.create(ada, "shop")

    with pytest.raises(NotFound) as foreign:
        await namespaces.get(eve, mine.slug)
    with pytest.raises(NotFound) as absent:
        await namespaces.get(eve, "no-such-slug")
    with pytest.raises(NotFound):
        await namespaces.get_by_id(eve, mine.id)
    with pytest.raises(NotFound):
        await namespaces.delete(eve, mine.slug)
    with pytest.raises(NotFound):
        await namespaces.manifest(eve, mine.slug)
    with pytest.raises(NotFound):
        await namespaces.events(eve, mine, PageRequest())
    with pytest.raises(NotFound):
        await namespaces.list(eve, PageRequest(), owner_id=ada.user_id)

    assert absent.value.message == foreign.value.message
    assert () == (await namespaces.list(eve, PageRequest())).items


@only_embedded
async def test_an_administrator_reads_all_and_changes_none(
    namespaces: NamespaceService, ada: Principal, administrator: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")

    assert (namespace,) == (await namespaces.list(administrator, PageRequest())).items
    assert namespace == await namespaces.get(administrator, namespace.slug)
    with pytest.raises(Forbidden):
        await namespaces.delete(administrator, namespace.slug)


@only_embedded
async def test_a_credential_for_reading_creates_nothing(namespaces: NamespaceService, sign_up: SignUp) -> None:
    reader = await sign_up("reader", scopes=frozenset({Scope.READ}))

    with pytest.raises(Forbidden):
        await namespaces.create(reader, "shop")


async def test_a_deleted_namespace_goes_from_the_cluster_and_then_from_the_record(
    namespaces: NamespaceService, cluster: Cluster, database: Database, ada: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")

    leaving = await namespaces.delete(ada, namespace.slug)
    await until(cluster, namespace.slug, lambda: cluster.store.namespace(namespace.slug) is None)

    assert NamespacePhase.TERMINATING == leaving.phase
    with pytest.raises(NotFound):
        await namespaces.get(ada, namespace.slug)
    assert 0 == await recorded(database)
    assert "shop" == (await namespaces.create(ada, "shop")).name


@only_embedded
async def test_a_deletion_that_the_cluster_does_not_hear_leaves_the_namespace_as_it_was(
    namespaces: NamespaceService, proxy: FaultyProxy, ada: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")
    proxy.fail_when(lambda request: request.method == "DELETE", Fault.REFUSED)

    with pytest.raises(Unavailable):
        await namespaces.delete(ada, namespace.slug)

    assert NamespacePhase.ACTIVE == (await namespaces.get(ada, namespace.slug)).phase


@only_embedded
async def test_a_deletion_that_fails_is_not_gone_on_with_by_a_creation_meanwhile(
    namespaces: NamespaceService, cluster: Cluster, proxy: FaultyProxy, ada: Principal
) -> None:
    """Its author is told that the namespace stays."""
    namespace = await namespaces.create(ada, "attic")
    proxy.fail_when(lambda request: request.method == "DELETE", Fault.REFUSED)
    proxy.seen.clear()
    deleting = asyncio.create_task(namespaces.delete(ada, namespace.slug))
    await proxy.until_seen(lambda _: any(each.method == "DELETE" for each in proxy.seen))

    await namespaces.create(ada, "shop")
    with pytest.raises(Unavailable):
        await deleting
    proxy.heal()
    await namespaces.settled()

    live = await cluster.get(Kind.NAMESPACE, None, namespace.slug)
    assert live is not None
    assert "deletionTimestamp" not in live["metadata"]


async def take_labels_off(somebody: Client, slug: str) -> None:
    path = f"/api/v1/namespaces/{slug}"
    labels = (await somebody.get(path)).body["metadata"]["labels"]
    await somebody.patch(path, {"metadata": {"labels": dict.fromkeys(labels)}})


@only_embedded
async def test_a_namespace_that_a_watch_knows_nothing_of_is_not_forgotten_while_it_is_there(
    *,
    namespaces: NamespaceService,
    cluster: Cluster,
    database: Database,
    proxy: FaultyProxy,
    somebody: Client,
    ada: Principal,
) -> None:
    """It may be behind; and the deletion that another replica has begun may yet be refused."""
    namespace = await namespaces.create(ada, "shop")
    await take_labels_off(somebody, namespace.slug)
    await until(cluster, namespace.slug, lambda: cluster.store.namespace(namespace.slug) is None)
    async with database.session() as session:
        begun = NamespacePhase.TERMINATING
        assert await NamespaceRepository(session).move(namespace.id, begun, out_of=tuple(NamespacePhase))

    assert NamespacePhase.TERMINATING == (await namespaces.get(ada, namespace.slug)).phase
    assert 1 == await recorded(database)
    proxy.fail_when(lambda request: request.path.endswith(namespace.slug), Fault.CUT)
    assert NamespacePhase.TERMINATING == (await namespaces.get(ada, namespace.slug)).phase


@only_embedded
async def test_a_namespace_that_lost_its_labels_is_deleted_all_the_same(
    namespaces: NamespaceService, cluster: Cluster, somebody: Client, ada: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")
    await take_labels_off(somebody, namespace.slug)
    await until(cluster, namespace.slug, lambda: cluster.store.namespace(namespace.slug) is None)

    await namespaces.delete(ada, namespace.slug)

    live = await cluster.get(Kind.NAMESPACE, None, namespace.slug)
    assert live is None or "deletionTimestamp" in live["metadata"]


@only_embedded
async def test_a_namespace_that_somebody_deleted_in_the_cluster_is_missing_and_can_be_deleted(
    namespaces: NamespaceService, cluster: Cluster, database: Database, ada: Principal
) -> None:
    namespace = await namespaces.create(ada, "shop")
    await cluster.delete(Kind.NAMESPACE, None, namespace.slug)
    await until(cluster, namespace.slug, lambda: cluster.store.namespace(namespace.slug) is None)

    assert NamespacePhase.MISSING == (await namespaces.get(ada, namespace.slug)).phase
    await namespaces.delete(ada, namespace.slug)
    assert () == (await namespaces.list(ada, PageRequest())).items
    assert 0 == await recorded(database)


@only_embedded
async def test_an_unreachable_cluster_is_said_at_once_and_nothing_is_recorded(
    namespaces: NamespaceService, database: Database, proxy: FaultyProxy, ada: Principal
) -> None:
    proxy.fail_when(lambda _: True, Fault.REFUSED)

    with pytest.raises(Unavailable):
        await namespaces.create(ada, "shop")

    proxy.heal()
    await namespaces.settled()
    assert "shop" == (await namespaces.create(ada, "shop")).name
    assert 1 == await recorded(database)


async def test_the_quota_is_counted_and_served_as_soon_as_the_namespace_is_there(
    namespaces: NamespaceService, ada: Principal
) -> None:
    """Before it is counted, Kubernetes refuses every pod."""
    namespace = await namespaces.create(ada, "shop")

    usage = {each.resource: (each.used, each.hard) for each in namespaces.quota(namespace)}

    expected = {"limits.cpu": (0.0, 4.0), "limits.memory": (0.0, 8.0 * 2**30), "pods": (0.0, 30.0)}
    assert expected == {resource: usage[resource] for resource in expected}


async def test_the_manifest_is_the_namespace_as_yaml(namespaces: NamespaceService, ada: Principal) -> None:
    namespace = await namespaces.create(ada, "shop")

    assert f"name: {namespace.slug}" in await namespaces.manifest(ada, namespace.slug)


@only_embedded
async def test_the_next_start_mends_a_creation_whose_process_was_killed(
    namespaces: NamespaceService, cluster: Cluster, database: Database, ada: Principal
) -> None:
    """What kill -9 leaves: a pending row of some time ago, and a part of the objects."""
    namespace = await namespaces.create(ada, "shop")
    async with database.session() as session:
        row = await session.get_one(NamespaceRow, namespace.id)
        row.phase = NamespacePhase.PENDING.value
        row.created_at = row.created_at.replace(year=row.created_at.year - 1)

    await namespaces.sweep()

    assert [] == await ours(cluster, ada)
    assert 0 == await recorded(database)


@only_embedded
async def test_a_foreign_namespace_is_never_deleted_in_our_name(
    *, namespaces: NamespaceService, cluster: Cluster, database: Database, somebody: Client, ada: Principal
) -> None:
    """A namespace of the slug that neither carries our id nor was written by us is somebody else's."""
    namespace = await namespaces.create(ada, "shop")
    foreign = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "foreign"}}
    await somebody.post("/api/v1/namespaces", foreign, fieldManager="kubectl-create")
    async with database.session() as session:
        row = await session.get_one(NamespaceRow, namespace.id)
        row.slug = "foreign"

    await namespaces.delete(ada, "foreign")

    assert await cluster.get(Kind.NAMESPACE, None, "foreign") is not None
