"""PromQL from templates: one expression a metric, for any number of scopes, a series for each pod.

Names come as exact values from the authorization; they are escaped for the regular expression and for the string that
hold them, and no caller's expression ever gets in. The metrics are those that the kubelet and kube-state-metrics give:
https://github.com/kubernetes-monitoring/kubernetes-mixin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import timedelta

from api.metrics.models import MetricName, MetricScope

CONTAINERS = 'container!=""'
"""Leaves out the sums over a pod or a node that some kubelets report beside the containers."""
RATE_WINDOW = timedelta(minutes=2)
"""Long enough for two scrapes at the intervals in use (15 to 60 s)."""

_SELECTED = {
    MetricName.CPU: ("container_cpu_usage_seconds_total", CONTAINERS),
    MetricName.MEMORY: ("container_memory_working_set_bytes", CONTAINERS),
    MetricName.NETWORK_RECEIVE: ("container_network_receive_bytes_total", ""),
    MetricName.NETWORK_TRANSMIT: ("container_network_transmit_bytes_total", ""),
    MetricName.RESTARTS: ("kube_pod_container_status_restarts_total", ""),
}
_RATES = frozenset({MetricName.CPU, MetricName.NETWORK_RECEIVE, MetricName.NETWORK_TRANSMIT})


def promql(
    name: MetricName, scopes: Collection[MetricScope], *, step: timedelta, rate_window: timedelta = RATE_WINDOW
) -> str:
    """The expression for one metric of all `scopes`, by namespace and pod; rates over the step, or `rate_window` where
    that is longer."""
    series, extra = _SELECTED[name]
    matchers = [matcher for matcher in (_namespaces(scopes), _pods(scopes), extra) if matcher]
    selector = f"{series}{{{','.join(matchers)}}}"
    if name in _RATES:
        window = max(step, rate_window)
        selector = f"rate({selector}[{int(window.total_seconds())}s])"
    return f"sum by (namespace, pod) ({selector})"


def _namespaces(scopes: Iterable[MetricScope]) -> str:
    return _one_of("namespace", {scope.namespace for scope in scopes})


def _pods(scopes: Collection[MetricScope]) -> str:
    """The pods of the apps asked for; every pod where a whole namespace is among the scopes."""
    apps = {scope.workload for scope in scopes}
    if None in apps:
        return ""
    return _one_of("pod", {app for app in apps if app is not None}, suffix="-.+")


def _one_of(label: str, values: Iterable[str], suffix: str = "") -> str:
    alternatives = "|".join(sorted(re.escape(value) for value in values))
    return f"{label}=~{_quoted(f'(?:{alternatives}){suffix}')}"


def _quoted(text: str) -> str:
    """A PromQL string: https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
