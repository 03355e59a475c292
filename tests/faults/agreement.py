"""What is recorded and what is in the cluster: whatever failed on the way, the two agree."""

from __future__ import annotations

from sqlalchemy import func, select

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.database.database import Database
from api.database.tables import NamespaceRow, RevisionRow, WorkloadRow
from api.namespaces.models import NamespacePhase
from api.workloads.models import RevisionState


async def require_agreement(database: Database, cluster: Cluster) -> None:
    """Each app, all of them Deployments, runs the image of its revision that counts, as often as that says, and no
    other does; so with namespaces. Nothing is left in the making."""
    assert await _running(cluster) == await _recorded(database)
    assert await namespaces_in(cluster) == await _recorded_namespaces(database)
    async with database.session() as session:
        pending = select(RevisionRow.id).where(RevisionRow.state == RevisionState.PENDING.value)
        assert [] == list(await session.scalars(pending))


async def _running(cluster: Cluster) -> dict[str, tuple[str, str]]:
    """Image and replicas of each app that is in the cluster, by the app's id."""
    return {
        each["metadata"]["labels"][WORKLOAD_ID]: (
            each["spec"]["template"]["spec"]["containers"][0]["image"],
            str(each["spec"]["replicas"]),
        )
        for each in await cluster.list(Kind.DEPLOYMENT, None)
    }


async def _recorded(database: Database) -> dict[str, tuple[str, str]]:
    counts = (RevisionRow.workload_id == WorkloadRow.id) & (RevisionRow.number == WorkloadRow.current_revision)
    fields = RevisionRow.spec["image"].astext, func.coalesce(RevisionRow.spec["replicas"].astext, "1")
    query = select(WorkloadRow.id, *fields).outerjoin(RevisionRow, counts)
    async with database.session() as session:
        found = await session.execute(query.where(WorkloadRow.deleted_at.is_(None)))
        return {str(workload): (image, replicas) for workload, image, replicas in found}


async def namespaces_in(cluster: Cluster) -> set[str]:
    """Those in the cluster that are not on their way out."""
    found = await cluster.list(Kind.NAMESPACE, None)
    return {each["metadata"]["name"] for each in found if "deletionTimestamp" not in each["metadata"]}


async def _recorded_namespaces(database: Database) -> set[str]:
    async with database.session() as session:
        gone = NamespaceRow.phase == NamespacePhase.TERMINATING.value
        return set(await session.scalars(select(NamespaceRow.slug).where(~gone)))
