"""What is decided about a write by what else is in the cluster.

Source: the admission plugins NamespaceLifecycle, ServiceAccount, LimitRanger, PodSecurity and ResourceQuota.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import limitranger, podadmission, podsecurity, quota
from .objects import Key, Obj, is_deleting, name_of
from .pods import template_of
from .resources import LIMIT_RANGES, NAMESPACES, PODS, RESOURCE_QUOTAS, SERVICE_ACCOUNTS, Resource
from .status import ApiError, forbidden, namespace_terminating, not_found
from .store import Store

Warn: TypeAlias = Callable[[str], None]

_IMMORTAL = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})


class Admission:
    """Completes and refuses what is about to be written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mutate(self, resource: Resource, obj: Obj) -> None:
        """Before validation: refuses by namespace, and fills pods in."""
        if resource.namespaced:
            self._namespace_admits(resource, obj)
        if resource is PODS:
            self._service_account(obj)
            podadmission.tolerate(obj["spec"])
            for limit_range in self._store.list(LIMIT_RANGES, obj["metadata"]["namespace"]):
                limitranger.default(limit_range, obj)

    def validate(self, resource: Resource, obj: Obj, warn: Warn) -> None:
        """After validation: limits, Pod Security, quota. Raises ApiError 403."""
        if not resource.namespaced:
            return
        namespace = obj["metadata"]["namespace"]
        if resource is PODS:
            for limit_range in self._store.list(LIMIT_RANGES, namespace):
                limitranger.check(limit_range, obj)
        self._pod_security(resource, obj, warn)
        for each in self._store.list(RESOURCE_QUOTAS, namespace):
            quota.check(self._store, each, resource, obj)

    def validate_update(self, resource: Resource, before: Obj, after: Obj, warn: Warn) -> None:
        """Pod Security is the one that looks at updates: it warns about templates, and pods that are there."""
        if resource is NAMESPACES:
            self._stricter_namespace(before, after, warn)
        elif resource.namespaced and resource is not PODS and before.get("spec") != after.get("spec"):
            self._pod_security(resource, after, warn)

    def deletion(self, resource: Resource, name: str) -> None:
        """Raises ApiError 403 for namespaces that the cluster cannot do without."""
        if resource is NAMESPACES and name in _IMMORTAL:
            raise forbidden(resource, name, "this namespace may not be deleted")

    def _namespace_admits(self, resource: Resource, obj: Obj) -> None:
        name = obj["metadata"]["namespace"]
        namespace = self._store.get(NAMESPACES, Key("", name))
        if namespace is None:
            raise not_found(NAMESPACES, name)
        if is_deleting(namespace) and resource.kind != "Event":
            raise namespace_terminating(resource, obj["metadata"]["name"], name)

    def _service_account(self, pod: Obj) -> None:
        spec = pod["spec"]
        spec.setdefault("serviceAccountName", "default")
        spec["serviceAccount"] = spec["serviceAccountName"]
        account = self._store.get(SERVICE_ACCOUNTS, Key(pod["metadata"]["namespace"], spec["serviceAccountName"]))
        if account is None:
            raise self._no_account(pod)
        automount = spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True))
        if automount:
            podadmission.mount_token(spec)

    def _no_account(self, pod: Obj) -> ApiError:
        namespace, account = pod["metadata"]["namespace"], pod["spec"]["serviceAccountName"]
        why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
        return forbidden(PODS, pod["metadata"]["name"], why)

    def _stricter_namespace(self, before: Obj, after: Obj, warn: Warn) -> None:
        level, version = podsecurity.level(after, "enforce")
        if podsecurity.level(before, "enforce") == (level, version):
            return
        pods = ((name_of(pod), pod["spec"]) for pod in self._store.list(PODS, name_of(after)))
        for warning in podsecurity.warnings(name_of(after), pods, level, version):
            warn(warning)

    def _pod_security(self, resource: Resource, obj: Obj, warn: Warn) -> None:
        spec = obj.get("spec") if resource is PODS else (template_of(obj) or {}).get("spec")
        namespace = self._store.get(NAMESPACES, Key("", obj["metadata"]["namespace"]))
        if spec is None or namespace is None:
            return
        if resource is PODS:
            level, version = podsecurity.level(namespace, "enforce")
            if found := podsecurity.violations(spec, level):
                why = f"violates {podsecurity.describe(found, level, version)}"
                raise forbidden(resource, obj["metadata"]["name"], why)
        level, version = podsecurity.level(namespace, "warn")
        if found := podsecurity.violations(spec, level):
            warn(f"would violate {podsecurity.describe(found, level, version)}")
