"""What the Cluster Manager speaks of besides Kubernetes' own objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class ClusterKind(StrEnum):
    """What sort of cluster it is."""

    EMBEDDED = "embedded"
    """Plays a cluster inside this process: nothing really runs."""
    KUBERNETES = "kubernetes"


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded cluster; its objects are kept in `data_path` where there is one. `pace` scales visible waits."""

    data_path: Path | None = None
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """A cluster by kubeconfig file, its current context unless another is named."""

    path: Path
    context: str | None = None


@dataclass(frozen=True, slots=True)
class InCluster:
    """The cluster that this process runs on, by its pod's service account."""


ClusterSource = Embedded | Kubeconfig | InCluster


@dataclass(frozen=True, slots=True)
class Applied:
    """What the API server answered to a write: the object as it is (or would be) now, and its Warning headers."""

    object: dict[str, Any]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PodMetrics:
    """What a pod used at a moment, by metrics.k8s.io: cores and bytes, summed over its containers."""

    namespace: str
    pod: str
    at: datetime
    cpu: float
    memory: float
