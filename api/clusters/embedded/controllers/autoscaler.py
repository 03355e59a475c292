"""HorizontalPodAutoscalers → the number of pods, by what they use.

Source: reconcileAutoscaler of pkg/controller/podautoscaler/horizontal.go of Kubernetes, without its behaviors. It looks
more often than there, and waits less before it takes pods away, so that one sees it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from api.clusters.embedded import quantity
from api.clusters.embedded.autoscaling import NoReplicaCount, Recommendation, highest, limit, recommend
from api.clusters.embedded.clock import timestamp
from api.clusters.embedded.conditions import set_condition
from api.clusters.embedded.events import NORMAL, WARNING
from api.clusters.embedded.load import pods_of, target_of
from api.clusters.embedded.metrics import Usage
from api.clusters.embedded.objects import Key, Obj, copy, key_of
from api.clusters.embedded.registry import WriteOptions, for_controller, for_status
from api.clusters.embedded.resources import HORIZONTAL_POD_AUTOSCALERS, Resource
from api.clusters.embedded.store import Change, ChangeType

from .controller import CONTROLLER_MANAGER, Context, KeyController

_PERIOD = 5.0
_STABILIZATION = 60.0
"""In seconds of the clock, whatever the pace of the cluster: pods are not taken away because somebody is in a hurry."""
_MOST_REMEMBERED = 200
_NO_OTHER_METRICS = "unable to fetch metrics from custom metrics API: no custom metrics API registered"
_WRITE = for_controller(CONTROLLER_MANAGER)
_SCALE = WriteOptions(manager=CONTROLLER_MANAGER, subresource="scale", decoded=True)


class _Decision(NamedTuple):
    """How many pods there are to be, and why."""

    replicas: int
    why: str


@dataclass
class _Look:
    """One look at an autoscaler: its status is written as it goes."""

    autoscaler: Obj
    current: int
    now: datetime
    status: Obj = field(default_factory=dict)

    @property
    def bounds(self) -> tuple[int, int]:
        spec = self.autoscaler["spec"]
        return spec["minReplicas"], spec["maxReplicas"]

    def tell(self, condition: str, *, holds: bool, reason: str, message: str) -> None:
        value = "True" if holds else "False"
        set_condition(self.status, condition, value, reason=reason, message=message, now=timestamp(self.now))


class AutoscalerController(KeyController):
    """Looks at each autoscaler again and again, the first time after one period, as the real one does."""

    name = "horizontal-pod-autoscaler"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._usage = Usage(context.store, context.clock)
        self._wanted: dict[Key, deque[tuple[datetime, int]]] = {}

    def on_change(self, change: Change) -> None:
        if change.resource is HORIZONTAL_POD_AUTOSCALERS and change.type is ChangeType.ADDED:
            self.queue.add(key_of(change.obj))

    def sync(self, key: Key) -> None:
        autoscaler = self.store.get(HORIZONTAL_POD_AUTOSCALERS, key)
        if autoscaler is None:
            self._wanted.pop(key, None)
            return
        self.queue.add_after(key, self.context.pace.seconds(_PERIOD))
        if key not in self._wanted:
            self._wanted[key] = deque(maxlen=_MOST_REMEMBERED)
            return
        scaled = target_of(autoscaler, self.store)
        current = scaled[1]["spec"].get("replicas", 0) if scaled is not None else 0
        look = _Look(autoscaler, current, self.context.clock.now(), copy(autoscaler.get("status") or {}))
        look.status["observedGeneration"] = autoscaler["metadata"]["generation"]
        if scaled is None:
            self._tell_missing(look)
        else:
            self._look(look, *scaled)
        self._write(key, look.status)

    def _tell_missing(self, look: _Look) -> None:
        reference = look.autoscaler["spec"]["scaleTargetRef"]
        why = f'{reference["kind"].lower()}s.apps "{reference["name"]}" not found'
        message = f"the HPA controller was unable to get the target's current scale: {why}"
        look.tell("AbleToScale", holds=False, reason="FailedGetScale", message=message)
        self._event(look, WARNING, "FailedGetScale", why)

    def _look(self, look: _Look, resource: Resource, target: Obj) -> None:
        able = "the HPA controller was able to get the target's current scale"
        look.tell("AbleToScale", holds=True, reason="SucceededGetScale", message=able)
        look.status["currentReplicas"] = look.current
        if not self._wanted[key_of(look.autoscaler)]:
            self._wanted[key_of(look.autoscaler)].append((look.now, look.current))
        decision = self._decide(look, target)
        if decision is None:
            return
        look.status["desiredReplicas"] = decision.replicas
        if decision.replicas != look.current:
            self._scale(look, resource, target, decision)

    def _decide(self, look: _Look, target: Obj) -> _Decision | None:
        """None where it cannot be told, and the number is to stay."""
        least, most = look.bounds
        if look.current == 0:
            why = "scaling is disabled since the replica count of the target is zero"
            look.tell("ScalingActive", holds=False, reason="ScalingDisabled", message=why)
            return _Decision(0, "")
        if look.current > most:
            return _Decision(most, "Current number of replicas above Spec.MaxReplicas")
        if look.current < least:
            return _Decision(least, "Current number of replicas below Spec.MinReplicas")
        return self._by_metrics(look, target)

    def _by_metrics(self, look: _Look, target: Obj) -> _Decision | None:
        """What most of the metrics ask for; where one cannot be read, no pods are taken away."""
        found, failure = self._recommendations(look, target)
        if failure is not None:
            message = f"the HPA was unable to compute the replica count: {failure}"
            look.tell("ScalingActive", holds=False, reason="FailedGetResourceMetric", message=message)
            self._event(look, WARNING, "FailedGetResourceMetric", failure)
            if not found or highest(found.values()) < look.current:
                return None
        asked = highest(found.values())
        metric = _described(max(found, key=lambda name: found[name].replicas))
        if failure is None:
            message = f"the HPA was able to successfully calculate a replica count from {metric}"
            look.tell("ScalingActive", holds=True, reason="ValidMetricFound", message=message)
        allowed = limit(self._stabilized(look, asked), current=look.current, least=look.bounds[0], most=look.bounds[1])
        look.tell("ScalingLimited", holds=allowed.limited, reason=allowed.reason, message=allowed.message)
        above = allowed.replicas > look.current
        return _Decision(allowed.replicas, f"{metric} above target" if above else "All metrics below target")

    def _recommendations(self, look: _Look, target: Obj) -> tuple[Mapping[str, Recommendation], str | None]:
        """What each metric asks for, and why one of them cannot be told. Both into the status."""
        pods = pods_of(target, self.store)
        found: dict[str, Recommendation] = {}
        failure = None if _targets(look.autoscaler) else _NO_OTHER_METRICS
        for name, percent in _targets(look.autoscaler):
            try:
                found[name] = self._recommendation(look, pods, name, percent)
            except NoReplicaCount as error:
                failure = f"failed to get {name} utilization: {error}"
        look.status["currentMetrics"] = [_metric(name, each) for name, each in found.items()] or None
        return found, failure

    def _recommendation(self, look: _Look, pods: Sequence[Obj], name: str, percent: int) -> Recommendation:
        used = self._usage.used(look.autoscaler["metadata"]["namespace"], pods, name)
        if not used:
            raise NoReplicaCount(
                f"unable to get metrics for resource {name}: no metrics returned from resource metrics API"
            )
        return recommend(pods, used, name, target=percent, current=look.current)

    def _stabilized(self, look: _Look, asked: int) -> int:
        """The most that was asked for of late: pods are taken away only once none of it asks for them."""
        lately = self._wanted[key_of(look.autoscaler)]
        lately.append((look.now, asked))
        rules = (look.autoscaler["spec"].get("behavior") or {}).get("scaleDown") or {}
        window = timedelta(seconds=rules.get("stabilizationWindowSeconds", _STABILIZATION))
        highest_lately = max((wanted for when, wanted in lately if when > look.now - window), default=asked)
        if highest_lately > asked:
            message = "recent recommendations were higher than current one, applying the highest recent recommendation"
            look.tell("AbleToScale", holds=True, reason="ScaleDownStabilized", message=message)
            return highest_lately
        message = "recommended size matches current size"
        look.tell("AbleToScale", holds=True, reason="ReadyForNewScale", message=message)
        return asked

    def _scale(self, look: _Look, resource: Resource, target: Obj, decision: _Decision) -> None:
        def scaled(live: Obj) -> Obj:
            return {**live, "spec": {**live["spec"], "replicas": decision.replicas}}

        self.registry.change(resource, key_of(target), scaled, _SCALE)
        message = f"the HPA controller was able to update the target scale to {decision.replicas}"
        look.tell("AbleToScale", holds=True, reason="SucceededRescale", message=message)
        look.status["lastScaleTime"] = timestamp(look.now)
        self._event(look, NORMAL, "SuccessfulRescale", f"New size: {decision.replicas}; reason: {decision.why}")

    def _write(self, key: Key, status: Obj) -> None:
        autoscaler = self.store.get(HORIZONTAL_POD_AUTOSCALERS, key)
        if autoscaler is not None and status != autoscaler.get("status"):
            self.registry.change(
                HORIZONTAL_POD_AUTOSCALERS, key, lambda live: {**live, "status": status}, for_status(_WRITE)
            )

    def _event(self, look: _Look, event_type: str, reason: str, message: str) -> None:
        self.context.recorder.event(look.autoscaler, event_type, reason, message, component=self.name)


def _targets(autoscaler: Obj) -> list[tuple[str, int]]:
    """Each resource that it watches, and the percentage to keep near; other metrics nobody makes here."""
    resources = [each["resource"] for each in autoscaler["spec"]["metrics"] if each["type"] == "Resource"]
    targets = [(each["name"], each["target"].get("averageUtilization")) for each in resources]
    return [(name, percent) for name, percent in targets if percent]


def _described(resource: str) -> str:
    return f"{resource} resource utilization (percentage of request)"


def _metric(name: str, found: Recommendation) -> Obj:
    average = quantity.render(found.average.quantize(Decimal("0.001") if name == "cpu" else Decimal(1)))
    current = {"averageUtilization": found.utilization, "averageValue": average}
    return {"type": "Resource", "resource": {"name": name, "current": current}}
