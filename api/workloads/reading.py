"""Workloads as the graph serves them: rows and the Store, put together without a call of the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.manifests.models import ExposureMode, WorkloadKind, WorkloadSpec
from api.namespaces.models import Namespace
from api.workloads.applying import controller_kind
from api.workloads.derivation import Derivations, Derived
from api.workloads.exposure import TELLING, Exposed, exposure_of
from api.workloads.models import Exposure, Pod, Workload, WorkloadPhase
from api.workloads.observation import Observation, annotated_revision
from api.workloads.offers import ExposureOffers
from api.workloads.pods import pods_of
from api.workloads.records import WorkloadRecord

_MODES = tuple(f"-{mode.value}" for mode in ExposureMode)


class WorkloadReader:
    """Puts a workload's record beside what the Store holds of it."""

    def __init__(self, cluster: Cluster, offers: ExposureOffers) -> None:
        self._cluster = cluster
        self._offers = offers
        self._derivations = Derivations()

    def workload(self, namespace: Namespace, record: WorkloadRecord) -> Workload:
        """The workload as it is known now."""
        derived = self._derivations.of(record.id, self.observe(namespace, record))
        return Workload(
            id=record.id,
            namespace_id=namespace.id,
            owner_id=namespace.owner_id,
            namespace=namespace.slug,
            name=record.name,
            created_at=record.created_at,
            updated_at=record.updated_at,
            spec=record.spec,
            status=derived.status,
            rollout=derived.rollout,
            autoscaler=derived.autoscaler,
            address=_address(namespace, record),
            as_of=self._cluster.store.as_of(controller_kind(record.spec.kind)),
            exposure=self._exposure(namespace, record, derived),
        )

    def phase(self, namespace: Namespace, record: WorkloadRecord) -> WorkloadPhase:
        """The workload's phase alone, as `workload` tells it: the least that a filter has to know."""
        return self._derivations.of(record.id, self.observe(namespace, record)).status.phase

    def observe(self, namespace: Namespace, record: WorkloadRecord) -> Observation:
        """What is known of the workload at this moment."""
        return self._observe(namespace.slug, record.id, record.spec, revision=record.revision, applying=record.applying)

    def shown_revisions(self, slug: str) -> dict[UUID, int | None]:
        """The revision of each workload of a namespace that the cluster shows."""
        store = self._cluster.store
        shown: dict[UUID, int | None] = {}
        for item in (
            *sorted(store.jobs(slug), key=lambda job: job.metadata.creation_timestamp),
            *store.cron_jobs(slug),  # after their runs
            *store.stateful_sets(slug),
            *store.deployments(slug),
        ):
            if (workload_id := objects.workload_id(item)) is not None:
                shown[workload_id] = annotated_revision(item.metadata)
        return shown

    def pods(self, workload: Workload) -> list[Pod]:
        """The pods that a workload has now."""
        return pods_of(workload.id, self.observe_again(workload))

    def observe_again(self, workload: Workload) -> Observation:
        """What is known at this moment of a workload that was read already."""
        return self._observe(
            workload.namespace, workload.id, workload.spec, revision=workload.rollout.revision, applying=None
        )

    def _observe(
        self, slug: str, workload_id: UUID, spec: WorkloadSpec, *, revision: int | None, applying: int | None
    ) -> Observation:
        """By the workload's id alone, so that nothing else of its name is taken for it."""
        store, kind = self._cluster.store, spec.kind
        replicated: Sequence[objects.Replicated] = ()
        if kind is WorkloadKind.STATEFUL_SERVICE:
            replicated = store.stateful_sets(slug, workload_id)
        elif not kind.runs_to_an_end:
            replicated = store.deployments(slug, workload_id)
        return Observation(
            spec=spec,
            revision=revision,
            applying=applying,
            replicated=next(iter(replicated), None),
            pods=tuple(store.pods(slug, workload_id)),
            unreachable=self._unreachable(),
            cron_job=next(iter(store.cron_jobs(slug, workload_id)), None) if kind.runs_to_an_end else None,
            jobs=tuple(store.jobs(slug, workload_id)) if kind.runs_to_an_end else (),
            autoscaler=next(iter(store.autoscalers(slug, workload_id)), None) if spec.autoscaling else None,
        )

    def _exposure(self, namespace: Namespace, record: WorkloadRecord, derived: Derived) -> Exposure:
        """Worked out each time for an app that is exposed: that nobody says anything for long is told by the clock
        alone."""
        store, spec, slug = self._cluster.store, record.spec, namespace.slug
        carriers = self._carriers(slug, record)
        if spec.exposure is ExposureMode.NONE and not carriers:
            return derived.unexposed
        profile = self._offers.profile(spec.exposure)
        certified = profile is not None and self._cluster.serves(Kind.CERTIFICATE)
        exposed = Exposed(
            spec=spec,
            slug=slug,
            profile=profile,
            refusal=self._offers.refusal(spec.exposure),
            carriers=carriers,
            certificates=store.certificates(slug, record.id) if certified else None,
            pods=derived.observation.pods,
            applying=record.applying is not None,
            now=datetime.now(UTC),
            unreachable=derived.observation.unreachable,
            denied=frozenset(kind for kind in TELLING if store.is_denied(kind, slug)) if profile else frozenset(),
        )
        return exposure_of(exposed)

    def _carriers(self, slug: str, record: WorkloadRecord) -> list[objects.Watched]:
        """What exposes the app, or did."""
        store = self._cluster.store
        kinds = (store.services, store.ingresses, store.http_routes)
        return [item for of in kinds for item in of(slug, record.id) if _exposes(item, record.name)]

    def _unreachable(self) -> str | None:
        if not self._cluster.reachable:
            return self._cluster.message or "It may be restarting; what it last said is shown."
        return None if self._cluster.store.synced else "Its state is being read for the first time."


def _exposes(item: objects.Watched, app: str) -> bool:
    """By its name, which is the app's with a mode behind it."""
    name = item.metadata.name
    return name.startswith(app) and name.startswith(_MODES, len(app))


def _address(namespace: Namespace, record: WorkloadRecord) -> str | None:
    port = record.spec.port
    return None if port is None else f"{record.name}.{namespace.slug}.svc:{port}"
