"""A workload as services give it, for tests that need one and no cluster."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from api.manifests.models import ExposureMode
from api.workloads.models import Exposure, ExposureState, Rollout, Workload, WorkloadPhase, WorkloadStatus
from tests.api.workloads.apps import WEB

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMESPACE_ID = UUID(int=7)
OWNER_ID = UUID(int=8)
EXPOSURE = Exposure(ExposureMode.NONE, ExposureState.NONE, None, "", None, None, "", None)


def workload_model(
    workload_id: UUID,
    *,
    message: str = "It runs.",
    phase: WorkloadPhase = WorkloadPhase.READY,
    as_of: datetime | None = None,
) -> Workload:
    """A web service of one replica."""
    return Workload(
        id=workload_id,
        namespace_id=NAMESPACE_ID,
        owner_id=OWNER_ID,
        namespace="shop-x7k2pq",
        name="web",
        created_at=AT,
        updated_at=AT,
        spec=WEB,
        status=WorkloadStatus(phase, message, 1, 1, 1, 1, ()),
        rollout=Rollout(1, complete=phase is WorkloadPhase.READY, steps=(), cells=()),
        address=None,
        as_of=as_of,
        exposure=EXPOSURE,
    )
