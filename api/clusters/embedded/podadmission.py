"""What admission writes into every pod.

Source: the admission plugins ServiceAccount, DefaultTolerationSeconds and Priority of Kubernetes.
"""

from __future__ import annotations

import secrets

from .objects import Obj

_TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_TOLERATED_SECONDS = 300


def mount_token(spec: Obj) -> None:
    """The projected volume by which a container reaches the API server, unless it brings its own."""
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    bare = [
        each
        for each in containers
        if not any(m.get("mountPath") == _TOKEN_MOUNT for m in each.get("volumeMounts") or ())
    ]
    if not bare:
        return
    name = f"kube-api-access-{secrets.token_hex(3)[:5]}"
    for container in bare:
        mounts = container.setdefault("volumeMounts", [])
        mounts.append({"name": name, "readOnly": True, "mountPath": _TOKEN_MOUNT})
    namespace = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [namespace]}},
    ]
    spec.setdefault("volumes", []).append({"name": name, "projected": {"sources": sources, "defaultMode": 0o644}})


def tolerate(spec: Obj) -> None:
    """DefaultTolerationSeconds and Priority."""
    tolerations = spec.setdefault("tolerations", [])
    present = {toleration.get("key") for toleration in tolerations}
    for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"):
        if key not in present:
            tolerations.append(
                {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": _TOLERATED_SECONDS}
            )
    spec.setdefault("priority", 0)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
