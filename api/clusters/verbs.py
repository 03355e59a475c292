"""What a request to the API server is called where requests are counted: by its verb, and by the kind it is about.

Verbs are those of https://kubernetes.io/docs/reference/using-api/api-concepts/#api-verbs, and `apply`. Names of objects
and of namespaces are in neither.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.clusters.objects import Kind

DISCOVERY = "discovery"
"""What the API server says of itself."""
OTHER = "other"
_METRICS_PREFIX = "/apis/metrics.k8s.io/v1beta1"
_KINDS = {(kind.prefix, kind.plural): kind.kind for kind in Kind} | {(_METRICS_PREFIX, "pods"): "PodMetrics"}
_WRITES = {"POST": "create", "PUT": "update", "DELETE": "delete"}


def named(method: str, path: str, query: Mapping[str, str], content_type: str) -> tuple[str, str]:
    """The verb and the kind, `Pod/log` for a subresource."""
    prefix, (plural, name, subresource) = _parted(path)
    if plural is None:
        return "get", DISCOVERY
    kind = _KINDS.get((prefix, plural), OTHER)
    if subresource is not None and kind != OTHER:
        kind = f"{kind}/{subresource}"
    return _verb(method, query, content_type, has_name=name is not None), kind


def _parted(path: str) -> tuple[str, tuple[str | None, str | None, str | None]]:
    """The group and version as a prefix; then the plural, and the object's name and subresource where it has any."""
    parts: list[str | None] = [*path.strip("/").split("/")]
    length = 2 if parts[0] == "api" else 3
    prefix, rest = "/" + "/".join(filter(None, parts[:length])), parts[length:]
    match rest:
        case ["namespaces", _, plural, *others]:
            rest = [plural, *others]
    plural, name, subresource = (*rest, None, None, None)[:3]
    return prefix, (plural, name, subresource)


def _verb(method: str, query: Mapping[str, str], content_type: str, *, has_name: bool) -> str:
    if method == "GET":
        return "watch" if "watch" in query else "get" if has_name else "list"
    if method == "PATCH":
        return "apply" if content_type.startswith("application/apply-patch") else "patch"
    return _WRITES.get(method, OTHER)
