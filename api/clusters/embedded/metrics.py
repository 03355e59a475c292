"""`metrics.k8s.io/v1beta1`: usage that a pod like this would have, as a smooth function of pod and time."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import quantity
from .clock import Clock, timestamp
from .objects import Key, Obj, labels_of, name_of, uid_of
from .resources import NODES, PODS
from .selectors import label_selector
from .status import ApiError, not_found
from .store import Store

_PREFIX = "/apis/metrics.k8s.io/v1beta1/"
_API_VERSION = "metrics.k8s.io/v1beta1"
_WINDOW = "15s"
_WINDOW_SECONDS = 15
_PERIODS = (61.0, 173.0, 617.0)
_DEFAULT_CPU = Decimal("0.05")
_DEFAULT_MEMORY = Decimal(64 * 1024 * 1024)
_NANO = 10**9
_KIBI = 1024


class Usage:
    """What the resource metrics API answers."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def at(self, path: str, *, selector: str = "") -> Obj | None:
        """The answer to a GET of `path`, or None when it is not of this API; pods are listed by the label `selector`.

        Raises ApiError: 404, or 400 for a selector that cannot be read.
        """
        if not path.startswith(_PREFIX):
            return None
        match path.removeprefix(_PREFIX).rstrip("/").split("/"):
            case ["nodes", *rest]:
                return self._of_nodes(rest)
            case ["pods"]:
                return self._listed("", selector)
            case ["namespaces", namespace, "pods"]:
                return self._listed(namespace, selector)
            case ["namespaces", namespace, "pods", name]:
                return self._pod_named(namespace, name)
            case _:
                return None

    def _of_nodes(self, rest: list[str]) -> Obj | None:
        if not rest:
            return _list("NodeMetricsList", (self._node(name_of(node)) for node in self._store.list(NODES)))
        [name, *below] = rest
        there = self._store.get(NODES, Key("", name)) is not None
        return self._node(name) if there and not below else None

    def _listed(self, namespace: str, selector: str) -> Obj:
        return _list("PodMetricsList", filter(label_selector(selector), self._pods(namespace)))

    def _pods(self, namespace: str) -> Iterator[Obj]:
        now = self._clock.now()
        for pod in self._store.list(PODS, namespace):
            if pod["status"]["phase"] == "Running" and (listed := _containers(pod, now)):
                yield self._pod(pod, listed, now)

    def _pod_named(self, namespace: str, name: str) -> Obj:
        pod = self._store.get(PODS, Key(namespace, name))
        now = self._clock.now()
        listed = _containers(pod, now) if pod is not None else []
        if pod is None or not listed:
            raise self._unknown(namespace, name)
        return self._pod(pod, listed, now)

    def _unknown(self, namespace: str, name: str) -> ApiError:
        error = not_found(PODS, f"{namespace}/{name}")
        error.message = f'podmetrics.metrics.k8s.io "{namespace}/{name}" not found'
        return error

    def _pod(self, pod: Obj, listed: list[Obj], now: datetime) -> Obj:
        metadata: Obj = {
            "name": name_of(pod),
            "namespace": pod["metadata"]["namespace"],
            "creationTimestamp": timestamp(now),
            "labels": dict(labels_of(pod)),
        }
        head = {"kind": "PodMetrics", "apiVersion": _API_VERSION, "metadata": metadata}
        return head | {"timestamp": timestamp(now), "window": _WINDOW, "containers": listed}

    def _node(self, name: str) -> Obj:
        now = self._clock.now()
        cpu, memory = Decimal("0.12"), Decimal(900 * 1024 * 1024)
        for pod in self._store.list(PODS):
            if pod["spec"].get("nodeName") == name:
                for container in _containers(pod, now):
                    cpu += quantity.parse(container["usage"]["cpu"])
                    memory += quantity.parse(container["usage"]["memory"])
        metadata = {"name": name, "creationTimestamp": timestamp(now)}
        head = {"kind": "NodeMetrics", "apiVersion": _API_VERSION, "metadata": metadata}
        return head | {"timestamp": timestamp(now), "window": _WINDOW, "usage": _rendered(cpu, memory)}


def _list(kind: str, items: Iterable[Obj]) -> Obj:
    return {"kind": kind, "apiVersion": _API_VERSION, "metadata": {}, "items": list(items)}


def _containers(pod: Obj, now: datetime) -> list[Obj]:
    """Those that run."""
    running = {each["name"] for each in pod["status"].get("containerStatuses") or () if "running" in each["state"]}
    return [
        {"name": container["name"], "usage": _usage(f"{uid_of(pod)}/{container['name']}", container, now)}
        for container in pod["spec"]["containers"]
        if container["name"] in running
    ]


def _usage(identity: str, container: Obj, now: datetime) -> Obj:
    requests = (container.get("resources") or {}).get("requests") or {}
    moment = now.timestamp() // _WINDOW_SECONDS * _WINDOW_SECONDS
    cpu = _amount(requests, "cpu", _DEFAULT_CPU) * Decimal(0.35 + 0.3 * _wave(identity, moment))
    memory = _amount(requests, "memory", _DEFAULT_MEMORY) * Decimal(
        0.6 + 0.12 * _wave(f"{identity}/memory", moment / 4)
    )
    return _rendered(cpu, memory)


def _amount(requests: dict[str, Any], name: str, otherwise: Decimal) -> Decimal:
    return quantity.parse(requests[name]) if name in requests else otherwise


def _wave(identity: str, moment: float) -> float:
    """Between -1 and 1: some slow sines, out of step between containers."""
    digest = hashlib.sha256(identity.encode()).digest()
    phases = (byte / 256 * math.tau for byte in digest)
    return sum(
        math.sin(moment / period * math.tau + phase) for period, phase in zip(_PERIODS, phases, strict=False)
    ) / len(_PERIODS)


def _rendered(cpu: Decimal, memory: Decimal) -> Obj:
    return {"cpu": f"{int(cpu * _NANO)}n", "memory": f"{int(memory / _KIBI)}Ki"}
