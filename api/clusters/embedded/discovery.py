"""What the server says of itself: `/version`, `/api`, `/apis` and the resources of each group."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby

from .objects import Obj
from .resources import RESOURCES, Resource

HEALTH = frozenset({"/healthz", "/readyz", "/livez"})
VERSION = "v1.37.2"
_VERSION_PARTS = VERSION.removeprefix("v").split(".")
_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_VERBS_OF_SUBRESOURCE = {"log": ["get"], "scale": ["get", "patch", "update"]}
_METRICS = "metrics.k8s.io/v1beta1"
_REVIEWS = {
    "authentication.k8s.io/v1": ("SelfSubjectReview", "TokenReview"),
    "authorization.k8s.io/v1": ("SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"),
}


def document(path: str) -> Obj | None:
    """The discovery document at `path`."""
    return _documents().get(path.rstrip("/"))


def is_served_group(path: str) -> bool:
    """Whether `path` is below a group and version that are served."""
    return any(path.startswith(f"{served}/") for served in _documents() if served.count("/") > 1)


@cache
def _documents() -> dict[str, Obj]:
    documents: dict[str, Obj] = {
        "/version": {
            "major": _VERSION_PARTS[0],
            "minor": _VERSION_PARTS[1],
            "gitVersion": f"{VERSION}+moorage-embedded",
            "gitCommit": "",
            "gitTreeState": "clean",
            "buildDate": "1970-01-01T00:00:00Z",
            "goVersion": "",
            "compiler": "",
            "platform": "",
        },
        "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
    }
    by_group_version = groupby(
        sorted(RESOURCES, key=lambda resource: resource.api_version), key=lambda resource: resource.api_version
    )
    versions = {version: _resource_list(version, _entries(listed)) for version, listed in by_group_version}
    versions |= {version: _resource_list(version, _review_entries(kinds)) for version, kinds in _REVIEWS.items()}
    versions[_METRICS] = _resource_list(_METRICS, _metrics_entries())
    groups = [_group(version) for version in sorted(versions) if "/" in version]
    documents["/apis"] = {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    for group in groups:
        documents[f"/apis/{group['name']}"] = {"kind": "APIGroup", "apiVersion": "v1", **group}
    for version, listed in versions.items():
        documents[f"/apis/{version}" if "/" in version else f"/api/{version}"] = listed
    return documents


def _group(group_version: str) -> Obj:
    name, _, version = group_version.partition("/")
    entry = {"groupVersion": group_version, "version": version}
    return {"name": name, "versions": [entry], "preferredVersion": entry}


def _resource_list(group_version: str, entries: list[Obj]) -> Obj:
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": entries}


def _entries(listed: Iterable[Resource]) -> list[Obj]:
    entries = []
    for resource in listed:
        entry: Obj = {
            "name": resource.plural,
            "singularName": resource.kind.lower(),
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": _VERBS,
        }
        if resource.short_names:
            entry["shortNames"] = list(resource.short_names)
        entries.append(entry)
        entries += [_subresource(resource, name) for name in resource.subresources]
    return entries


def _subresource(resource: Resource, name: str) -> Obj:
    entry: Obj = {
        "name": f"{resource.plural}/{name}",
        "singularName": "",
        "namespaced": resource.namespaced,
        "kind": "Scale" if name == "scale" else resource.kind,
        "verbs": _VERBS_OF_SUBRESOURCE.get(name, ["get", "patch", "update"]),
    }
    return {"group": "autoscaling", "version": "v1", **entry} if name == "scale" else entry


def _review_entries(kinds: Iterable[str]) -> list[Obj]:
    return [
        {
            "name": f"{kind.lower()}s",
            "singularName": kind.lower(),
            "namespaced": False,
            "kind": kind,
            "verbs": ["create"],
        }
        for kind in kinds
    ]


def _metrics_entries() -> list[Obj]:
    return [
        {"name": name, "singularName": "", "namespaced": name == "pods", "kind": kind, "verbs": ["get", "list"]}
        for name, kind in (("nodes", "NodeMetrics"), ("pods", "PodMetrics"))
    ]
