"""Apps as the cluster may show them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from api.workloads.models import Workload, WorkloadPhase
from tests.api.workloads.models import workload_model


def seen(*, revision: int, phase: WorkloadPhase, complete: bool) -> Workload:
    """An app in that phase, its rollout so far."""
    workload = workload_model(uuid4(), phase=phase, message=f"It is {phase.value}.")
    return replace(workload, rollout=replace(workload.rollout, revision=revision, complete=complete))
