"""A VPN operator and an ingress controller that only play: they say where an app would be reached, and nothing is.

As the Tailscale operator does (cmd/k8s-operator of tailscale/tailscale), with names that RFC 2606 keeps for examples.
"""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from api.clusters.embedded.clock import timestamp
from api.clusters.embedded.conditions import set_condition
from api.clusters.embedded.objects import Key, Obj, annotations_of, copy, is_deleting, key_of, without_finalizer
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import INGRESSES, SERVICES, Resource
from api.clusters.embedded.store import Change, ChangeType

from .controller import Context, Controller

Place: TypeAlias = tuple[Resource, Key]

VPN_CLASS = "tailscale"
PUBLIC_CLASS = "demo"
TAILNET = "tailnet.example"
_BALANCER = "ingress.example"
_FINALIZER = "tailscale.com/finalizer"
_HOSTNAME = "tailscale.com/hostname"
_READY = "TailscaleProxyReady"
_SECONDS = 2.0
"""Until a proxy would have joined its network."""


class ExposureOperator(Controller[Place]):
    """Gives an address to Services and Ingresses of its classes, and lets them go once they are deleted."""

    name = "demo-operator"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._due: dict[Place, float] = {}

    def on_change(self, change: Change) -> None:
        if change.resource not in (SERVICES, INGRESSES):
            return
        place = change.resource, key_of(change.obj)
        if change.type is ChangeType.DELETED:
            self._due.pop(place, None)
        elif _class_of(change.obj) in (VPN_CLASS, PUBLIC_CLASS):
            self.queue.add(place)

    def sync(self, key: Place) -> None:
        resource, name = key
        obj = self.store.get(resource, name)
        if obj is None:
            return
        if is_deleting(obj):
            self.registry.amend(resource, name, lambda live: without_finalizer(live, _FINALIZER))
        elif not (obj.get("status") or {}).get("loadBalancer"):
            self._take_up(key, obj)

    def _take_up(self, place: Place, obj: Obj) -> None:
        resource, name = place
        if _class_of(obj) == VPN_CLASS and _FINALIZER not in obj["metadata"].get("finalizers", ()):
            self.registry.amend(resource, name, _held)
        now = asyncio.get_running_loop().time()
        due = self._due.setdefault(place, now + self.context.pace.seconds(_SECONDS))
        if now < due:
            self.queue.add_after(place, due - now)
        else:
            options = for_status(for_controller(self.name))
            self.registry.change(resource, name, self._addressed, options)

    def _addressed(self, live: Obj) -> Obj:
        status = copy(live.get("status") or {})
        status["loadBalancer"] = {"ingress": [{"hostname": _hostname(live)}]}
        if live["kind"] == "Service":
            now = timestamp(self.context.clock.now())
            set_condition(status, _READY, "True", reason="ProxyCreated", message="ProxyCreated", now=now)
        return {**live, "status": status}


def _class_of(obj: Obj) -> str | None:
    """The class that it asks for; None where the cluster's own ways serve it."""
    spec = obj["spec"]
    found: str | None = spec.get("ingressClassName" if obj["kind"] == "Ingress" else "loadBalancerClass")
    return found


def _hostname(obj: Obj) -> str:
    if _class_of(obj) == PUBLIC_CLASS:
        return _BALANCER
    device = annotations_of(obj).get(_HOSTNAME, obj["metadata"]["name"])
    for tls in obj["spec"].get("tls") or ():
        device = next((host.partition(".")[0] for host in tls.get("hosts") or ()), device)
    return f"{device}.{TAILNET}"


def _held(live: Obj) -> Obj:
    live["metadata"].setdefault("finalizers", []).append(_FINALIZER)
    return live
