"""What the query, the headers and the body of a request say about how it is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web

from .deletion import DeleteOptions
from .names import not_negative
from .objects import Obj
from .patching import patch_of
from .registry import WriteOptions
from .requests import Address, as_object, decode_json, decode_yaml, dry_run, flag, whole_number
from .selectors import Matcher, field_selector, label_selector
from .status import FieldError, bad_request, invalid_options, invalid_scale, unsupported_media_type
from .strategies import scale_of
from .watch import Represent, metadata_only, whole

JSON = "application/json"
_YAML = frozenset({"application/yaml", "text/yaml"})
_PARTIAL = frozenset({"as=PartialObjectMetadata", "as=PartialObjectMetadataList"})
_PROPAGATION = frozenset({"Background", "Foreground", "Orphan"})


def matcher(request: web.Request, address: Address) -> Matcher:
    """By `labelSelector` and `fieldSelector`; raises ApiError 400."""
    by_label = label_selector(request.query.get("labelSelector", ""))
    by_field = field_selector(request.query.get("fieldSelector", ""), address.resource.kind)
    return lambda obj: by_label(obj) and by_field(obj)


def representation(request: web.Request) -> Represent:
    """By the first media type of Accept that is served."""
    for media_type in request.headers.get("Accept", "").split(","):
        parameters = {part.strip() for part in media_type.split(";")}
        if parameters & _PARTIAL:
            return metadata_only
        if JSON in parameters and not any(part.startswith("as=") for part in parameters):
            return whole
    return whole


def initial_events(query: Mapping[str, str]) -> bool:
    """Whether a watch starts with everything there is; raises ApiError 422."""
    asked = flag(query, "sendInitialEvents")
    if asked and query.get("resourceVersionMatch") != "NotOlderThan":
        body = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        raise invalid_options("ListOptions", [FieldError("FieldValueForbidden", "resourceVersionMatch", body)])
    return asked


def write_options(request: web.Request, address: Address, kind: str, warnings: list[str]) -> WriteOptions:
    """The options of a write, which puts its warnings into `warnings`; raises ApiError 422."""
    query = request.query
    return WriteOptions(
        manager=query.get("fieldManager") or _agent(request),
        dry_run=dry_run(query, kind),
        subresource=address.subresource,
        strict=query.get("fieldValidation") == "Strict",
        warn=warnings.append,
    )


def _agent(request: web.Request) -> str:
    """The field manager of those who name none: the first part of the user agent."""
    return request.headers.get("User-Agent", "").partition("/")[0] or "unknown"


async def sent_object(request: web.Request) -> Obj:
    """The body of a POST or PUT; raises ApiError 400 or 415."""
    if request.content_type in {JSON, "application/octet-stream"}:
        return as_object(decode_json(await request.read()))
    if request.content_type in _YAML:
        return as_object(decode_yaml(await request.read()))
    raise unsupported_media_type((JSON, "application/yaml"))


def forced(query: Mapping[str, str]) -> bool:
    """`force` of an apply, which has to name its manager; raises ApiError 422."""
    if not query.get("fieldManager"):
        body = "Required value: is required for apply patch"
        raise invalid_options("PatchOptions", [FieldError("FieldValueRequired", "fieldManager", body)])
    return flag(query, "force")


def check_not_forced(query: Mapping[str, str]) -> None:
    """Raises ApiError 422: only an apply can be forced."""
    if flag(query, "force"):
        body = "Forbidden: may not be specified for non-apply patch"
        raise invalid_options("PatchOptions", [FieldError("FieldValueForbidden", "force", body)])


def scaling(request: web.Request, body: bytes) -> Callable[[Obj], Obj]:
    """Turns a PUT or PATCH of the Scale into a change of the workload."""
    patch: Callable[[Obj], object]
    if request.method == "PUT":
        replacement = decode_json(body)
        patch = lambda _: replacement  # noqa: E731 - one of two ways to come by the new Scale
    else:
        patch = patch_of(request.content_type, body)

    def change(live: Obj) -> Obj:
        scale = as_object(patch(scale_of(live)))
        metadata = {**live["metadata"]}
        if version := (scale.get("metadata") or {}).get("resourceVersion"):
            metadata["resourceVersion"] = version
        replicas = _replicas(scale, name=live["metadata"]["name"])
        return {**live, "metadata": metadata, "spec": {**live["spec"], "replicas": replicas}}

    return change


def _replicas(scale: Obj, *, name: str) -> int:
    replicas = as_object(scale.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise bad_request(
            "json: cannot unmarshal the replicas into Go struct field ScaleSpec.spec.replicas of type int32"
        )
    if errors := [*not_negative("spec.replicas", replicas)]:
        raise invalid_scale(name, errors)
    return replicas


def delete_options(query: Mapping[str, str], body: bytes) -> DeleteOptions:
    """From the body, or the query where there is none; raises ApiError 400 or 422."""
    sent = as_object(decode_json(body)) if body else {}
    preconditions = sent.get("preconditions") or {}
    propagation = sent.get("propagationPolicy") or query.get("propagationPolicy") or "Background"
    if propagation not in _PROPAGATION:
        raise bad_request(f"invalid DeletionPropagation: {propagation}")
    asked = sent.get("dryRun") or [query.get("dryRun", "")]
    return DeleteOptions(
        grace_period=sent.get("gracePeriodSeconds", whole_number(query, "gracePeriodSeconds")),
        propagation=propagation,
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run=dry_run({"dryRun": asked[0]}, "DeleteOptions"),
    )
