"""metrics.k8s.io: what pods use at a moment. https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/"""

from __future__ import annotations

from datetime import datetime

import msgspec
from kubernetes.utils.quantity import parse_quantity

from api.clusters.models import PodMetrics
from api.errors import Unavailable

METRICS_PATH = "/apis/metrics.k8s.io/v1beta1/pods"


class _Metadata(msgspec.Struct):
    name: str
    namespace: str


class _Usage(msgspec.Struct):
    cpu: str = "0"
    memory: str = "0"


class _Container(msgspec.Struct):
    usage: _Usage


class _PodMetrics(msgspec.Struct):
    metadata: _Metadata
    timestamp: datetime
    containers: list[_Container]


class _PodMetricsList(msgspec.Struct):
    items: list[_PodMetrics]


def pod_metrics(content: bytes) -> list[PodMetrics]:
    """The usage of each pod of a PodMetricsList; raises Unavailable for what is none."""
    try:
        listed = msgspec.json.decode(content, type=_PodMetricsList)
        return [_summed(each) for each in listed.items]
    except (msgspec.DecodeError, ValueError) as error:  # parse_quantity raises ValueError
        raise Unavailable(f"What metrics.k8s.io answers cannot be read: {error}", part="metrics") from error


def _summed(pod: _PodMetrics) -> PodMetrics:
    return PodMetrics(
        namespace=pod.metadata.namespace,
        pod=pod.metadata.name,
        at=pod.timestamp,
        cpu=float(sum(parse_quantity(container.usage.cpu) for container in pod.containers)),
        memory=float(sum(parse_quantity(container.usage.memory) for container in pod.containers)),
    )
