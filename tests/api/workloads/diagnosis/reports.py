"""Events as the kubelet writes them, for tests that conclude something from them."""

from __future__ import annotations

import msgspec

from api.clusters import objects
from tests.api.workloads.wire import at


def event(
    pod: str,
    reason: str,
    message: str,
    *,
    count: int = 1,
    seconds: float = 20,
    type_: str = "Warning",
    kind: str = "Pod",
) -> objects.Event:
    """An event about a pod, or an object of another `kind`, last seen so many seconds after the pods were created."""
    name = f"{pod}.{reason}.{seconds}"
    document = {
        "metadata": {
            "name": name,
            "namespace": "shop-abc234",
            "uid": name,
            "resourceVersion": "1",
            "creationTimestamp": at(seconds),
        },
        "involvedObject": {"kind": kind, "name": pod},
        "type": type_,
        "reason": reason,
        "message": message,
        "count": count,
        "lastTimestamp": at(seconds),
    }
    return msgspec.convert(document, objects.Event, strict=False)


def unhealthy(pod: str, message: str, *, count: int = 3, seconds: float = 20) -> objects.Event:
    """A check that failed `count` times."""
    return event(pod, "Unhealthy", message, count=count, seconds=seconds)
