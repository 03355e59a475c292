"""A small Kubernetes in this process, for those who have configured none."""

from .cluster import EmbeddedCluster
from .persistence import DataInUseError

__all__ = ["DataInUseError", "EmbeddedCluster"]
