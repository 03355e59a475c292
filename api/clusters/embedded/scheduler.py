"""Pods → nodes: the least loaded node that has room.

Source: the wording of k8s.io/kubernetes/pkg/scheduler.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from . import quantity
from .clock import timestamp
from .conditions import set_condition
from .controllers.controller import Context, KeyController
from .events import NORMAL, WARNING
from .objects import Key, Obj, copy, is_deleting, key_of, labels_of, name_of
from .pods import Amounts, amounts, is_terminal
from .registry import for_controller, for_status
from .resources import NODES, PODS
from .store import Change, ChangeType

_NAME = "default-scheduler"
_WRITE = for_controller("kube-scheduler")


class Scheduler(KeyController):
    """Assigns pods, and tries again those that did not fit when something makes room."""

    name = _NAME

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._assigned: dict[Key, tuple[str, Amounts]] = {}
        self._waiting: set[Key] = set()

    def on_change(self, change: Change) -> None:
        if change.resource is NODES:
            self._retry()
        if change.resource is not PODS:
            return
        key = key_of(change.obj)
        if change.type is ChangeType.DELETED or is_terminal(change.obj):
            self._waiting.discard(key)
            if self._assigned.pop(key, None):
                self._retry()
        elif node := change.obj["spec"].get("nodeName"):
            self._assigned.setdefault(key, (node, amounts(change.obj["spec"], "requests")))
        elif key not in self._waiting:
            self.queue.add(key)

    def _retry(self) -> None:
        for key in self._waiting:
            self.queue.add(key)

    def sync(self, key: Key) -> None:
        pod = self.store.get(PODS, key)
        if pod is None or is_deleting(pod) or pod["spec"].get("nodeName"):
            self._waiting.discard(key)
            return
        node, problems = self._choose(pod)
        if node is None:
            self._waiting.add(key)
            self._refuse(pod, problems)
        else:
            self._waiting.discard(key)
            self._bind(pod, name_of(node))

    def _choose(self, pod: Obj) -> tuple[Obj | None, Counter[str]]:
        """The node with the fewest pods of those that fit, and why the others do not."""
        wanted = amounts(pod["spec"], "requests")
        used, counts = self._usage()
        fitting, problems = [], Counter[str]()
        for node in self.store.list(NODES):
            problem = _problem(node, pod, wanted, used[name_of(node)], counts[name_of(node)])
            if problem:
                problems[problem] += 1
            else:
                fitting.append(node)
        return min(fitting, key=lambda node: (counts[name_of(node)], name_of(node)), default=None), problems

    def _usage(self) -> tuple[dict[str, dict[str, Decimal]], Counter[str]]:
        used: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        counts = Counter[str]()
        for node, requests in self._assigned.values():
            counts[node] += 1
            for name, value in requests.items():
                used[node][name] += value
        return used, counts

    def _bind(self, pod: Obj, node: str) -> None:
        def bind(live: Obj) -> Obj:
            live["spec"]["nodeName"] = node
            now = timestamp(self.context.clock.now())
            set_condition(live["status"], "PodScheduled", "True", reason="", message="", now=now)
            return live

        bound = self.registry.amend(PODS, key_of(pod), bind)
        message = f"Successfully assigned {key_of(pod)} to {node}"
        self.context.recorder.event(bound, NORMAL, "Scheduled", message, component=_NAME)

    def _refuse(self, pod: Obj, problems: Counter[str]) -> None:
        total = sum(problems.values())
        reasons = ", ".join(f"{count} {problem}" for problem, count in sorted(problems.items()))
        message = (
            f"0/{total} nodes are available: {reasons}. preemption: 0/{total} nodes are available: "
            f"{total} Preemption is not helpful for scheduling."
        )

        def unschedulable(live: Obj) -> Obj:
            status = copy(live)["status"]
            now = timestamp(self.context.clock.now())
            set_condition(status, "PodScheduled", "False", reason="Unschedulable", message=message, now=now)
            return {**live, "status": status}

        self.registry.change(PODS, key_of(pod), unschedulable, for_status(_WRITE))
        self.context.recorder.event(pod, WARNING, "FailedScheduling", message, component=_NAME)


def _problem(node: Obj, pod: Obj, wanted: Amounts, used: dict[str, Decimal], count: int) -> str:
    """Why the pod cannot run on the node; empty when it can."""
    allocatable = node["status"]["allocatable"]
    selector = pod["spec"].get("nodeSelector") or {}
    if not selector.items() <= labels_of(node).items():
        return "node(s) didn't match Pod's node affinity/selector"
    if node["spec"].get("unschedulable"):
        return "node(s) were unschedulable"
    if count >= int(allocatable["pods"]):
        return "Too many pods"
    for name, value in sorted(wanted.items()):
        if used.get(name, Decimal(0)) + value > quantity.parse(allocatable.get(name, 0)):
            return f"Insufficient {name}"
    return ""
