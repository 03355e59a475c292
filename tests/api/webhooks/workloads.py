"""Apps as the cluster may show them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from api.manifests.models import ExposureMode
from api.workloads.models import Exposure, ExposureState, Rollout, Workload, WorkloadPhase, WorkloadStatus
from tests.api.workloads.apps import WEB

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def seen(*, revision: int, phase: WorkloadPhase, complete: bool) -> Workload:
    """An app in that phase, its rollout so far."""
    return Workload(
        id=uuid4(),
        namespace_id=uuid4(),
        namespace="shop-x2y3z4",
        name=WEB.name,
        created_at=NOW,
        updated_at=NOW,
        spec=WEB,
        status=WorkloadStatus(
            phase=phase,
            message=f"It is {phase.value}.",
            desired_replicas=3,
            ready_replicas=0,
            updated_replicas=0,
            available_replicas=0,
            conditions=(),
        ),
        rollout=Rollout(revision=revision, complete=complete, steps=(), cells=()),
        address=None,
        as_of=NOW,
        exposure=Exposure(
            mode=ExposureMode.NONE,
            state=ExposureState.NONE,
            reason=None,
            message="",
            address=None,
            url=None,
            reachable_by="",
            port_answers=None,
        ),
    )
