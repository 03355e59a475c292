"""The load that an app would have which is autoscaled: one for all of its pods, so that more pods have less each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from .objects import Key, Obj, labels_of, name_of, uid_of
from .resources import DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, PODS, REPLICA_SETS, STATEFUL_SETS, Resource
from .selectors import selects
from .store import Store

_SCALED: Mapping[str, Resource] = {each.kind: each for each in (DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS)}
_MEAN = 1.6
_SWING = 1.5
_MOST = 2.0
"""What a pod can use is bounded by its limit: about twice what it requests."""


def target_of(autoscaler: Obj, store: Store) -> tuple[Resource, Obj] | None:
    """What an autoscaler scales; None where that is not there, or nothing that can be scaled."""
    reference = autoscaler["spec"]["scaleTargetRef"]
    resource = _SCALED.get(reference["kind"])
    if resource is None or resource.api_version != reference.get("apiVersion"):
        return None
    found = store.get(resource, Key(autoscaler["metadata"]["namespace"], reference["name"]))
    return (resource, found) if found is not None else None


def pods_of(target: Obj, store: Store) -> list[Obj]:
    """The pods that it selects, by name."""
    selector, namespace = target["spec"]["selector"], target["metadata"]["namespace"]
    return sorted((pod for pod in store.list(PODS, namespace) if selects(selector, labels_of(pod))), key=name_of)


def shares(store: Store, namespace: str, wave: Callable[[str], float]) -> Mapping[str, Decimal]:
    """By UID, what each running pod of an autoscaled app uses of CPU, in parts of what it requests.

    Together some pods' worth, up and down with the `wave` (-1 to 1) of the app.
    """
    found: dict[str, Decimal] = {}
    for autoscaler in store.list(HORIZONTAL_POD_AUTOSCALERS, namespace):
        if (scaled := target_of(autoscaler, store)) is None:
            continue
        running = [pod for pod in pods_of(scaled[1], store) if pod["status"].get("phase") == "Running"]
        load = _MEAN + _SWING * wave(uid_of(scaled[1]))
        found |= {uid_of(pod): Decimal(min(load / len(running), _MOST)) for pod in running}
    return found
