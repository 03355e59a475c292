"""Workloads as the graph serves them: rows and the Store, put together without a call of the cluster."""

from __future__ import annotations

from uuid import UUID

from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.namespaces.models import Namespace
from api.workloads.derivation import Derivations
from api.workloads.models import Pod, Workload
from api.workloads.observation import Observation
from api.workloads.pods import pods_of
from api.workloads.records import WorkloadRecord


class WorkloadReader:
    """Puts a workload's record beside what the Store holds of it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._derivations = Derivations()

    def workload(self, namespace: Namespace, record: WorkloadRecord) -> Workload:
        """The workload as it is known now."""
        derived = self._derivations.of(record.id, self.observe(namespace, record))
        return Workload(
            id=record.id,
            namespace_id=namespace.id,
            namespace=namespace.slug,
            name=record.name,
            created_at=record.created_at,
            updated_at=record.updated_at,
            spec=record.spec,
            status=derived.status,
            rollout=derived.rollout,
            address=_address(namespace, record),
            as_of=self._cluster.store.as_of(Kind.DEPLOYMENT),
        )

    def observe(self, namespace: Namespace, record: WorkloadRecord) -> Observation:
        """What is known of the workload at this moment."""
        store = self._cluster.store
        return Observation(
            spec=record.spec,
            revision=record.revision,
            applying=record.applying,
            deployment=self.deployment(namespace.slug, record.name, record.id),
            pods=tuple(store.pods(namespace.slug, record.id)),
            unreachable=self._unreachable(),
        )

    def deployment(self, slug: str, name: str, workload_id: UUID) -> objects.Deployment | None:
        """The workload's Deployment: the one of its name that carries its id, so that no other is taken for it."""
        found = self._cluster.store.deployment(slug, name)
        return found if found is not None and objects.workload_id(found) == workload_id else None

    def pods(self, workload: Workload) -> list[Pod]:
        """The pods that a workload has now."""
        return pods_of(workload.id, self.observe_again(workload))

    def observe_again(self, workload: Workload) -> Observation:
        """What is known at this moment of a workload that was read already."""
        return Observation(
            spec=workload.spec,
            revision=workload.rollout.revision,
            applying=None,
            deployment=self.deployment(workload.namespace, workload.name, workload.id),
            pods=tuple(self._cluster.store.pods(workload.namespace, workload.id)),
            unreachable=self._unreachable(),
        )

    def _unreachable(self) -> str | None:
        if not self._cluster.reachable:
            return self._cluster.message or "It may be restarting; what it last said is shown."
        return None if self._cluster.store.synced else "Its state is being read for the first time."


def _address(namespace: Namespace, record: WorkloadRecord) -> str | None:
    port = record.spec.port
    return None if port is None else f"{record.name}.{namespace.slug}.svc:{port}"
