"""The arithmetic of rollouts: how many replicas the new and the old ReplicaSets may have.

Source: pkg/controller/deployment/{rolling.go,util/deployment_util.go} of Kubernetes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence

from api.clusters.embedded.objects import Obj, annotations_of

HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas"
MAX_REPLICAS = "deployment.kubernetes.io/max-replicas"
_NOT_COPIED = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        REVISION,
        REVISION_HISTORY,
        DESIRED_REPLICAS,
        MAX_REPLICAS,
        "deprecated.deployment.rollback.to",
    }
)
_SAFE = "bcdfghjklmnpqrstvwxz2456789"
_HASH_LENGTH = 10


def template_hash(template: Obj) -> str:
    """Names a pod template; letters that cannot spell anything, as Kubernetes has them."""
    digest = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).digest()
    return "".join(_SAFE[byte % len(_SAFE)] for byte in digest[:_HASH_LENGTH])


def replicas(replica_set: Obj | None) -> int:
    return int(replica_set["spec"].get("replicas", 1)) if replica_set else 0


def desired(deployment: Obj) -> int:
    return int(deployment["spec"]["replicas"])


def available(replica_set: Obj) -> int:
    return int((replica_set.get("status") or {}).get("availableReplicas", 0))


def total(sets: Iterable[Obj], field: str) -> int:
    return sum(int((each.get("status") or {}).get(field, 0)) for each in sets)


def revision(obj: Obj) -> int:
    text = annotations_of(obj).get(REVISION, "0")
    return int(text) if text.isdecimal() else 0


def is_rolling(deployment: Obj) -> bool:
    return bool(deployment["spec"]["strategy"]["type"] == "RollingUpdate")


def bounds(deployment: Obj) -> tuple[int, int]:
    """(maxSurge, maxUnavailable) in pods; never both 0, or nothing could move."""
    if not is_rolling(deployment):
        return 0, 0
    rolling = deployment["spec"]["strategy"].get("rollingUpdate") or {}
    wanted = desired(deployment)
    surge = _resolve(rolling.get("maxSurge", "25%"), wanted, up=True)
    unavailable = _resolve(rolling.get("maxUnavailable", "25%"), wanted, up=False)
    return surge, min(unavailable, wanted) if surge or unavailable else 1


def _resolve(value: int | str, of: int, *, up: bool) -> int:
    if isinstance(value, int):
        return value
    share = int(value.removesuffix("%")) * of / 100
    return math.ceil(share) if up else math.floor(share)


def max_replicas(deployment: Obj) -> int:
    return desired(deployment) + bounds(deployment)[0]


def new_replicas(deployment: Obj, new: Obj | None, sets: Sequence[Obj]) -> int:
    """How many replicas the new ReplicaSet should have now."""
    wanted = desired(deployment)
    if not is_rolling(deployment) or replicas(new) >= wanted:
        return wanted
    room = max_replicas(deployment) - sum(replicas(each) for each in sets)
    return replicas(new) + max(0, min(room, wanted - replicas(new)))


def old_replicas(deployment: Obj, new: Obj | None, old: Sequence[Obj]) -> dict[str, int]:
    """How many replicas each old ReplicaSet (by name) should have now, of those that are to shrink.

    First those that are not available go, since that costs nothing; then as many as availability allows.
    """
    sets = [*old, *([new] if new else [])]
    minimum = desired(deployment) - bounds(deployment)[1]
    unavailable_new = replicas(new) - (available(new) if new else 0)
    removable = sum(replicas(each) for each in sets) - minimum - unavailable_new
    sizes = {each["metadata"]["name"]: replicas(each) for each in old}
    if removable <= 0:
        return {}
    ordered = sorted(old, key=lambda each: (each["metadata"]["creationTimestamp"], revision(each)))
    _shrink(ordered, sizes, removable, {each["metadata"]["name"]: replicas(each) - available(each) for each in old})
    spare = sum(available(each) for each in sets) - minimum
    _shrink(ordered, sizes, spare, dict(sizes))
    return {
        name: size
        for name, size in sizes.items()
        if size != next(replicas(e) for e in old if e["metadata"]["name"] == name)
    }


def _shrink(ordered: Sequence[Obj], sizes: dict[str, int], budget: int, most: dict[str, int]) -> None:
    for each in ordered:
        name = each["metadata"]["name"]
        cut = max(0, min(budget, most[name], sizes[name]))
        sizes[name] -= cut
        budget -= cut


def scaled(deployment: Obj, active: Sequence[Obj]) -> dict[str, int]:
    """The sizes of several active ReplicaSets after the Deployment was scaled, in proportion; largest first."""
    allowed = max_replicas(deployment) if desired(deployment) > 0 else 0
    now = sum(replicas(each) for each in active)
    change = allowed - now
    ordered = sorted(active, key=replicas, reverse=True)
    sizes = {each["metadata"]["name"]: replicas(each) for each in ordered}
    left = change
    for each in ordered:
        share = round(replicas(each) * allowed / _annotated_max(each, now)) - replicas(each) if now else 0
        share = max(min(share, left), 0) if change > 0 else min(max(share, left), 0)
        sizes[each["metadata"]["name"]] += share
        left -= share
    if ordered:
        name = ordered[0]["metadata"]["name"]
        sizes[name] = max(0, sizes[name] + left)
    return sizes


def _annotated_max(replica_set: Obj, otherwise: int) -> int:
    return int(annotations_of(replica_set).get(MAX_REPLICAS, otherwise)) or otherwise


def copied_annotations(deployment: Obj) -> dict[str, str]:
    """Those of a Deployment that its ReplicaSets carry too."""
    return {name: value for name, value in annotations_of(deployment).items() if name not in _NOT_COPIED}


def replica_annotations(deployment: Obj) -> dict[str, str]:
    return {DESIRED_REPLICAS: str(desired(deployment)), MAX_REPLICAS: str(max_replicas(deployment))}
