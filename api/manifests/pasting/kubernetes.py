"""A workload of Kubernetes: what its pod template says of the app; what surrounds it, Moorage makes itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from api.errors import InvalidInput
from api.manifests.kinds import has
from api.manifests.models import Probe
from api.manifests.pasting import amounts, autoscalers, environment, kinds, mounted
from api.manifests.pasting.claims import Claims
from api.manifests.pasting.documents import listing, mapping, name_of
from api.manifests.pasting.gathering import NO_FIELD, Gathering, number, words
from api.manifests.pasting.models import Pasted, PasteSource

_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
}
"""Where each kind has the description of its pods."""
_DIFFERENT: Mapping[str, str] = {
    "DaemonSet": "It becomes a web service with a number of replicas, not one on each node.",
}
_GUARDED = "Moorage sets it, as the namespace's policy wants it."
_NO_VOLUME = "The pod has no volume of this name."
_NOT_MOUNTED = "The container that is taken does not mount it."
_WHY: Mapping[str, str] = {
    "securityContext": _GUARDED,
    "serviceAccountName": "Apps have no access to the Kubernetes API.",
    "serviceAccount": "Apps have no access to the Kubernetes API.",
    "initContainers": "An app is one container.",
    "imagePullSecrets": "The Secret is not in what was pasted. Give the registry's credentials by hand.",
}
_NEEDLESS = frozenset(
    {"selector", "strategy", "revisionHistoryLimit", "template", "jobTemplate", "containers", "restartPolicy", "status"}
    | {"name", "terminationMessagePath", "terminationMessagePolicy", "dnsPolicy", "schedulerName", "serviceName"}
    | {"progressDeadlineSeconds", "imagePullPolicy", "automountServiceAccountToken", "enableServiceLinks"}
    | {"env", "envFrom", "volumeMounts"}
)
"""What Moorage writes itself, what is a default that the API server fills in, or what is read elsewhere."""


def is_kubernetes(document: Mapping[str, Any]) -> bool:
    """Whether the document is an object of Kubernetes."""
    return isinstance(document.get("kind"), str) and isinstance(document.get("apiVersion"), str)


def read(documents: Sequence[Mapping[str, Any]]) -> Pasted:
    """The first workload among the objects. Raises InvalidInput where none is one, or it has no container."""
    objects = [each for document in documents for each in _unlisted(document)]
    chosen = next((each for each in objects if each.get("kind") in _TEMPLATES), None)
    if chosen is None:
        named = ", ".join(dict.fromkeys(str(each.get("kind")) for each in objects))
        message = f"This is {named}, and no workload. Paste the Deployment."
        raise InvalidInput(message, path=("text",), example="kind: Deployment")
    gathered = Gathering(PasteSource.KUBERNETES)
    beside = [each for each in objects if _is_beside(each, chosen)]
    sources, claims = mounted.Sources(beside), Claims(beside)
    _Workload(gathered, chosen, sources, claims).read()
    for each in objects:
        is_beside = _is_beside(each, chosen)
        if is_beside and each.get("kind") == autoscalers.KIND and autoscalers.scales(each, chosen):
            autoscalers.read(gathered, each, kinds.kind_of(chosen))
        elif each is not chosen and not (is_beside and (sources.is_used(each) or claims.is_used(each))):
            gathered.leave_out(f"{each.get('kind')} {name_of(each)}", _surrounding(each))
    return gathered.pasted()


def _unlisted(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The document itself, or the objects of a List."""
    items = document.get("items")
    if document.get("kind") == "List" and isinstance(items, list):
        yield from (each for each in items if isinstance(each, dict))
    else:
        yield document


def _is_beside(document: Mapping[str, Any], workload: Mapping[str, Any]) -> bool:
    """Whether it is in the workload's namespace, as far as both say theirs: only there does the workload find it."""
    said = {str(place) for each in (document, workload) if (place := mapping(each.get("metadata")).get("namespace"))}
    return len(said) <= 1


def _surrounding(document: Mapping[str, Any]) -> str:
    if document.get("kind") == autoscalers.KIND:
        return "It scales another workload."
    if document.get("kind") in _TEMPLATES:
        return "One form is one app: paste this one on its own."
    if document.get("kind") in ("Service", "PodDisruptionBudget"):
        return "Moorage makes one for each app that needs it."
    return NO_FIELD


class _Workload:
    """Reads one object that has a pod template."""

    def __init__(
        self, gathered: Gathering, document: Mapping[str, Any], sources: mounted.Sources, claims: Claims
    ) -> None:
        self._gathered = gathered
        self._document = document
        self._sources = sources
        self._claims = claims
        self._kind = str(document["kind"])
        self._becomes = kinds.kind_of(document)

    def read(self) -> None:
        """Its name, number, and first container."""
        self._gathered.put("name", name_of(self._document) or None)
        self._gathered.put("kind", self._becomes)
        if why := _DIFFERENT.get(self._kind):
            self._gathered.leave_out(f"kind: {self._kind}", why)
        self._spec()
        path = _TEMPLATES[self._kind]
        pod = self._document
        for step in path:
            pod = mapping(pod.get(step))
        self._pod(pod, ".".join(path))

    def _spec(self) -> None:
        if self._kind == "Pod":
            return
        spec = mapping(self._document.get("spec"))
        replicas = spec.get("replicas")
        self._gathered.put("replicas", number(replicas))
        self._leave_out("spec", spec.keys() - {"replicas"} - kinds.taken_by(self._becomes))

    def _pod(self, pod: Mapping[str, Any], path: str) -> None:
        containers = pod.get("containers")
        first = containers[0] if isinstance(containers, list) and containers else None
        if not isinstance(first, dict) or not isinstance(first.get("image"), str):
            message = f"{self._kind} {name_of(self._document)} has no container with an image."
            raise InvalidInput(message, path=("text",), example="kind: Deployment")
        grace = pod.get("terminationGracePeriodSeconds")
        self._gathered.put("shutdown_seconds", number(grace))
        user = mapping(pod.get("securityContext")).get("runAsUser")
        self._gathered.put("run_as_user", number(user))
        taken = {"terminationGracePeriodSeconds", "securityContext", "volumes"}
        if mounted.read_credentials(self._gathered, pod, self._sources):
            taken.add("imagePullSecrets")
        self._leave_out(path, pod.keys() - taken)
        for place, other in enumerate(containers[1:] if isinstance(containers, list) else [], start=1):
            name = mapping(other).get("name", place)
            self._gathered.leave_out(f"{path}.containers[{name}]", "An app is one container.")
        kinds.read(self._gathered, self._becomes, mapping(self._document.get("spec")))
        where = f"{path}.containers[{first.get('name', 0)}]"
        self._mounts(pod, first, where=where, path=path)
        environment.read(self._gathered, first, self._sources, where=where)
        _Container(self._gathered, first, where).read()

    def _mounts(self, pod: Mapping[str, Any], container: Mapping[str, Any], *, where: str, path: str) -> None:
        """Files and disks; each mount of anything else is left out by itself, with the reason of its volume."""
        taken = mounted.read_files(self._gathered, pod, container, self._sources)
        if has(self._becomes, "port"):  # a service's, which volumes make a stateful one
            spec = mapping(self._document.get("spec"))
            taken |= self._claims.read(self._gathered, spec, pod, container, where=where)
        reasons = mounted.reasons(pod)
        names = [str(mapping(each).get("name")) for each in listing(container.get("volumeMounts"))]
        for name in (name for name in names if name not in taken):
            self._gathered.leave_out(f"{where}.volumeMounts[{name}]", reasons.get(name, _NO_VOLUME))
        for name in (name for name in reasons if name not in names):
            self._gathered.leave_out(f"{path}.volumes[{name}]", _NOT_MOUNTED)

    def _leave_out(self, path: str, keys: set[str]) -> None:
        for key in sorted(map(str, keys)):
            if key not in _NEEDLESS:
                self._gathered.leave_out(f"{path}.{key}", _WHY.get(key, NO_FIELD))


class _Container:
    """Reads the container that becomes the app."""

    def __init__(self, gathered: Gathering, container: Mapping[str, Any], path: str) -> None:
        self._gathered = gathered
        self._container = container
        self._path = path

    def read(self) -> None:
        """Every field of it."""
        readers: Mapping[str, Callable[[Any], None]] = {
            "image": lambda value: self._gathered.put("image", value),
            "command": lambda value: self._words("command", value),
            "args": lambda value: self._words("arguments", value),
            "ports": self._ports,
            "resources": self._resources,
            "securityContext": self._security,
            "startupProbe": lambda value: self._probe("startup", value),
            "livenessProbe": lambda value: self._probe("liveness", value),
            "readinessProbe": lambda value: self._probe("readiness", value),
        }
        for key, value in self._container.items():
            reader = readers.get(str(key))
            if reader is not None:
                reader(value)
            elif key not in _NEEDLESS:
                self._leave_out(str(key), _WHY.get(str(key), NO_FIELD))

    def _leave_out(self, what: str, why: str) -> None:
        self._gathered.leave_out(f"{self._path}.{what}", why)

    def _words(self, field: str, value: object) -> None:
        found = words(value)
        if found is None:
            self._leave_out(field, "It is no list of texts.")
        self._gathered.put(field, tuple(found) if found else None)

    def _ports(self, value: object) -> None:
        for each in value if isinstance(value, list) else []:
            told = mapping(each).get("containerPort")
            port = number(told)
            if port is None or mapping(each).get("protocol", "TCP") != "TCP":
                self._leave_out(f"ports[{told}]", "An app has one TCP port.")
            elif self._gathered.has("port"):
                self._leave_out(f"ports[{port}]", "An app has one port; the first is taken.")
            else:
                self._gathered.put("port", port)

    def _resources(self, value: object) -> None:
        """Just as much as it asks for, and may use."""
        found = amounts.read(mapping(value))
        for name, why in found.left_out.items():
            self._leave_out(f"resources.{name}", why)
        self._gathered.put("size", found.size)
        self._gathered.put("resources", found.resources)

    def _security(self, value: object) -> None:
        """The container's user goes before the pod's."""
        user = mapping(value).get("runAsUser")
        self._gathered.put("run_as_user", number(user))

    def _probe(self, field: str, value: object) -> None:
        given = mapping(value)
        asked = self._question(field, given)
        if asked is None:
            return
        times = {ours: given[theirs] for theirs, ours in _TIMES.items() if isinstance(given.get(theirs), int)}
        usual: dict[str, int] = {"timeout_seconds": 1}
        self._gathered.put(field, Probe(**{**usual, **times, **asked}))

    def _question(self, field: str, probe: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the probe asks; None where that is nothing that a check of an app can ask."""
        if command := words(mapping(probe.get("exec")).get("command")):
            return {"command": tuple(command)}
        if "httpGet" in probe:
            return {"path": str(mapping(probe["httpGet"]).get("path", "/"))}
        if "tcpSocket" in probe:
            return {}
        self._leave_out(f"{field}Probe", "A check runs a command, gets a path, or connects to the app's port.")
        return None


_TIMES = {
    "initialDelaySeconds": "delay_seconds",
    "periodSeconds": "period_seconds",
    "timeoutSeconds": "timeout_seconds",
    "failureThreshold": "failures",
}
