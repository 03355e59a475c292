"""`metrics.k8s.io/v1beta1`: usage that a pod like this would have, as a smooth function of pod and time.

The pods of an app that is autoscaled share a load, so that scaling changes what each of them has to do.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import quantity
from .clock import Clock, timestamp
from .load import shares
from .objects import Key, Obj, annotations_of, labels_of, name_of, uid_of
from .resources import NODES, PODS
from .selectors import label_selector
from .status import ApiError, not_found
from .store import Store

USAGE_CPU, USAGE_MEMORY = "kwok.x-k8s.io/usage-cpu", "kwok.x-k8s.io/usage-memory"
"""Annotations of a pod that say what it uses: those of the simulated nodes of deploy/devcluster."""
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

    def used(self, namespace: str, pods: Iterable[Obj], resource: str) -> Mapping[str, Decimal]:
        """What each of the pods uses of `cpu` or `memory`, by name; those that do not run are left out."""
        reading = self._reading(namespace)
        running = {name_of(pod): reading.containers(pod) for pod in pods if pod["status"].get("phase") == "Running"}
        return {
            name: sum((quantity.parse(each["usage"][resource]) for each in listed), Decimal(0))
            for name, listed in running.items()
            if listed
        }

    def _of_nodes(self, rest: list[str]) -> Obj | None:
        if not rest:
            return _list("NodeMetricsList", (self._node(name_of(node)) for node in self._store.list(NODES)))
        [name, *below] = rest
        there = self._store.get(NODES, Key("", name)) is not None
        return self._node(name) if there and not below else None

    def _listed(self, namespace: str, selector: str) -> Obj:
        return _list("PodMetricsList", filter(label_selector(selector), self._pods(namespace)))

    def _pods(self, namespace: str) -> Iterator[Obj]:
        reading = self._reading(namespace)
        for pod in self._store.list(PODS, namespace):
            if pod["status"]["phase"] == "Running" and (listed := reading.containers(pod)):
                yield self._pod(pod, listed, reading.now)

    def _pod_named(self, namespace: str, name: str) -> Obj:
        pod = self._store.get(PODS, Key(namespace, name))
        reading = self._reading(namespace)
        listed = reading.containers(pod) if pod is not None else []
        if pod is None or not listed:
            raise self._unknown(namespace, name)
        return self._pod(pod, listed, reading.now)

    def _reading(self, namespace: str) -> _Reading:
        return _Reading(self._store, namespace, self._clock.now())

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
        reading = self._reading("")
        cpu, memory = Decimal("0.12"), Decimal(900 * 1024 * 1024)
        for pod in self._store.list(PODS):
            if pod["spec"].get("nodeName") == name:
                for container in reading.containers(pod):
                    cpu += quantity.parse(container["usage"]["cpu"])
                    memory += quantity.parse(container["usage"]["memory"])
        metadata = {"name": name, "creationTimestamp": timestamp(reading.now)}
        head = {"kind": "NodeMetrics", "apiVersion": _API_VERSION, "metadata": metadata}
        return head | {"timestamp": timestamp(reading.now), "window": _WINDOW, "usage": _rendered(cpu, memory)}


def _list(kind: str, items: Iterable[Obj]) -> Obj:
    return {"kind": kind, "apiVersion": _API_VERSION, "metadata": {}, "items": list(items)}


class _Reading:
    """What pods use at one moment."""

    def __init__(self, store: Store, namespace: str, now: datetime) -> None:
        self.now = now
        self._moment = now.timestamp() // _WINDOW_SECONDS * _WINDOW_SECONDS
        self._shares = shares(store, namespace, lambda identity: _wave(identity, self._moment))

    def containers(self, pod: Obj) -> list[Obj]:
        """Those that run."""
        running = {each["name"] for each in pod["status"].get("containerStatuses") or () if "running" in each["state"]}
        return [
            {"name": container["name"], "usage": self._usage(pod, container)}
            for container in pod["spec"]["containers"]
            if container["name"] in running
        ]

    def _usage(self, pod: Obj, container: Obj) -> Obj:
        """What the pod is annotated with, else a share of its app's load, else a little that varies."""
        requests = (container.get("resources") or {}).get("requests") or {}
        identity = f"{uid_of(pod)}/{container['name']}"
        share = self._shares.get(uid_of(pod), Decimal(0.35 + 0.3 * _wave(identity, self._moment)))
        cpu = _amount(requests, "cpu", _DEFAULT_CPU) * share
        memory = _amount(requests, "memory", _DEFAULT_MEMORY) * Decimal(
            0.6 + 0.12 * _wave(f"{identity}/memory", self._moment / 4)
        )
        told = annotations_of(pod)
        return _rendered(_amount(told, USAGE_CPU, cpu), _amount(told, USAGE_MEMORY, memory))


def _amount(told: Mapping[str, Any], name: str, otherwise: Decimal) -> Decimal:
    return quantity.parse(told[name]) if name in told else otherwise


def _wave(identity: str, moment: float) -> float:
    """Between -1 and 1: some slow sines, out of step between containers."""
    digest = hashlib.sha256(identity.encode()).digest()
    phases = (byte / 256 * math.tau for byte in digest)
    return sum(
        math.sin(moment / period * math.tau + phase) for period, phase in zip(_PERIODS, phases, strict=False)
    ) / len(_PERIODS)


def _rendered(cpu: Decimal, memory: Decimal) -> Obj:
    return {"cpu": f"{int(cpu * _NANO)}n", "memory": f"{int(memory / _KIBI)}Ki"}
