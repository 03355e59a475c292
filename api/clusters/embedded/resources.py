"""The table of kinds that are served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind: where it is served and how it behaves.

    `generation` says whether `metadata.generation` counts the changes of its spec.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    subresources: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    generation: bool = False

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """`deployments.apps`, as error messages name a resource."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        """`Deployment.apps`, as validation messages name a kind."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def model(self) -> str:
        """The name of the typed model that the OpenAPI generator made of it."""
        return "CoreV1Event" if self.kind == "Event" else f"{self.version.upper()}{self.kind}"

    @property
    def has_status(self) -> bool:
        return "status" in self.subresources

    def __str__(self) -> str:
        return self.qualified


_core = partial(Resource, "", "v1")
_apps = partial(Resource, "apps", "v1")
_batch = partial(Resource, "batch", "v1")
_networking = partial(Resource, "networking.k8s.io", "v1")
_rbac = partial(Resource, "rbac.authorization.k8s.io", "v1")
_STATUS = ("status",)
_SCALE = ("scale", "status")

NAMESPACES = _core("Namespace", "namespaces", namespaced=False, subresources=_STATUS, short_names=("ns",))
NODES = _core("Node", "nodes", namespaced=False, subresources=_STATUS, short_names=("no",))
PODS = _core("Pod", "pods", subresources=("log", "status"), short_names=("po",), generation=True)
SERVICES = _core("Service", "services", subresources=_STATUS, short_names=("svc",))
SECRETS = _core("Secret", "secrets")
CONFIG_MAPS = _core("ConfigMap", "configmaps", short_names=("cm",))
SERVICE_ACCOUNTS = _core("ServiceAccount", "serviceaccounts", short_names=("sa",))
EVENTS = _core("Event", "events", short_names=("ev",))
RESOURCE_QUOTAS = _core("ResourceQuota", "resourcequotas", subresources=_STATUS, short_names=("quota",))
LIMIT_RANGES = _core("LimitRange", "limitranges", short_names=("limits",))
PERSISTENT_VOLUME_CLAIMS = _core(
    "PersistentVolumeClaim", "persistentvolumeclaims", subresources=_STATUS, short_names=("pvc",)
)
DEPLOYMENTS = _apps("Deployment", "deployments", subresources=_SCALE, short_names=("deploy",), generation=True)
REPLICA_SETS = _apps("ReplicaSet", "replicasets", subresources=_SCALE, short_names=("rs",), generation=True)
STATEFUL_SETS = _apps("StatefulSet", "statefulsets", subresources=_SCALE, short_names=("sts",), generation=True)
JOBS = _batch("Job", "jobs", subresources=_STATUS, generation=True)
CRON_JOBS = _batch("CronJob", "cronjobs", subresources=_STATUS, short_names=("cj",), generation=True)
INGRESSES = _networking("Ingress", "ingresses", subresources=_STATUS, short_names=("ing",), generation=True)
STORAGE_CLASSES = Resource(
    "storage.k8s.io", "v1", "StorageClass", "storageclasses", namespaced=False, short_names=("sc",)
)
HORIZONTAL_POD_AUTOSCALERS = Resource(
    "autoscaling",
    "v2",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    subresources=_STATUS,
    short_names=("hpa",),
    generation=True,
)

RESOURCES: tuple[Resource, ...] = (
    NAMESPACES,
    NODES,
    PODS,
    SERVICES,
    SECRETS,
    CONFIG_MAPS,
    SERVICE_ACCOUNTS,
    EVENTS,
    RESOURCE_QUOTAS,
    LIMIT_RANGES,
    PERSISTENT_VOLUME_CLAIMS,
    _core("PersistentVolume", "persistentvolumes", namespaced=False, subresources=_STATUS, short_names=("pv",)),
    _core("Endpoints", "endpoints", short_names=("ep",)),
    DEPLOYMENTS,
    REPLICA_SETS,
    STATEFUL_SETS,
    _apps("DaemonSet", "daemonsets", subresources=_STATUS, short_names=("ds",), generation=True),
    JOBS,
    CRON_JOBS,
    _networking("NetworkPolicy", "networkpolicies", short_names=("netpol",), generation=True),
    INGRESSES,
    _networking("IngressClass", "ingressclasses", namespaced=False, generation=True),
    _rbac("Role", "roles"),
    _rbac("RoleBinding", "rolebindings"),
    _rbac("ClusterRole", "clusterroles", namespaced=False),
    _rbac("ClusterRoleBinding", "clusterrolebindings", namespaced=False),
    Resource("coordination.k8s.io", "v1", "Lease", "leases"),
    Resource(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        subresources=_STATUS,
        short_names=("pdb",),
        generation=True,
    ),
    HORIZONTAL_POD_AUTOSCALERS,
    STORAGE_CLASSES,
    Resource("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", generation=True),
    Resource("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", namespaced=False, generation=True),
)

_BY_PATH = {(resource.group, resource.version, resource.plural): resource for resource in RESOURCES}
_BY_KIND = {(resource.api_version, resource.kind): resource for resource in RESOURCES}
_BY_NAME = {resource.qualified: resource for resource in RESOURCES}


def by_path(group: str, version: str, plural: str) -> Resource | None:
    return _BY_PATH.get((group, version, plural))


def by_kind(api_version: str, kind: str) -> Resource | None:
    return _BY_KIND.get((api_version, kind))


def by_name(qualified: str) -> Resource | None:
    """The resource that quotas (`count/deployments.apps`) and the journal name."""
    return _BY_NAME.get(qualified)


def in_namespaces() -> Iterator[Resource]:
    return (resource for resource in RESOURCES if resource.namespaced)
