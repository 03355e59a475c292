"""The nodes that the embedded cluster has."""

from __future__ import annotations

import platform

from .clock import Clock, timestamp
from .discovery import VERSION
from .objects import Key, Obj
from .registry import Registry, for_controller, for_status
from .resources import NODES

NODE_NAMES = ("harbour-1", "harbour-2", "harbour-3")
_CAPACITY = {"cpu": "8", "memory": "32Gi", "ephemeral-storage": "100Gi", "pods": "250"}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_HEALTHY = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def node_address(name: str) -> str:
    return f"10.0.0.{NODE_NAMES.index(name) + 11}" if name in NODE_NAMES else "10.0.0.10"


def ensure_nodes(registry: Registry, clock: Clock) -> None:
    """Registers the nodes that are not there yet."""
    options = for_controller("kubelet")
    for name in NODE_NAMES:
        if registry.store.get(NODES, Key("", name)) is None:
            registry.create(NODES, "", _node(name), options)
            status = _status(name, timestamp(clock.now()))
            registered = {**registry.get(NODES, Key("", name)), "status": status}
            registry.update(NODES, Key("", name), registered, for_status(options))


def _node(name: str) -> Obj:
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": _architecture(),
    }
    return {"metadata": {"name": name, "labels": labels}, "spec": {}}


def _architecture() -> str:
    return _ARCHITECTURES.get(platform.machine(), "amd64")


def _status(name: str, now: str) -> Obj:
    conditions = [
        {
            "type": kind,
            "status": value,
            "lastHeartbeatTime": now,
            "lastTransitionTime": now,
            "reason": reason,
            "message": message,
        }
        for kind, value, reason, message in _HEALTHY
    ]
    return {
        "capacity": dict(_CAPACITY),
        "allocatable": dict(_CAPACITY),
        "conditions": conditions,
        "addresses": [{"type": "InternalIP", "address": node_address(name)}, {"type": "Hostname", "address": name}],
        "nodeInfo": {
            "machineID": name,
            "systemUUID": name,
            "bootID": name,
            "kernelVersion": "embedded",
            "osImage": "Moorage embedded cluster (simulated)",
            "containerRuntimeVersion": "embedded://0",
            "kubeletVersion": VERSION,
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": _architecture(),
        },
    }
