"""LIST: pages, bounds on the resourceVersion, and the envelope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .objects import Obj, encode, key_of
from .requests import Address, Continuation, resource_version, whole_number
from .resources import Resource
from .selectors import Matcher
from .status import continue_expired, too_large_resource_version
from .store import Store, Stored
from .watch import Represent, whole


def typeless(obj: Obj) -> Obj:
    """An item of a list: its type is that of the list."""
    return {name: value for name, value in obj.items() if name not in {"apiVersion", "kind"}}


def list_objects(
    store: Store, address: Address, query: Mapping[str, str], *, matches: Matcher, represent: Represent
) -> bytes:
    """The body of the answer; raises ApiError 400, 410 or 504.

    A page is cut from the present, not from the state of the first page: what was removed meanwhile is not there
    again. When the history no longer reaches back to the first page, the token has expired, as on a real server.
    """
    asked = resource_version(query)
    if asked > store.resource_version:
        raise too_large_resource_version(asked, store.resource_version)
    found = sorted(
        (stored for stored in store.stored(address.resource, address.namespace) if matches(stored.obj)),
        key=lambda stored: key_of(stored.obj),
    )
    metadata: Obj = {"resourceVersion": str(store.resource_version)}
    if query.get("limit") or query.get("continue"):
        found = _page(store, address, query, found, metadata)
    return _envelope(address, metadata, found, represent)


def _page(store: Store, address: Address, query: Mapping[str, str], found: list[Stored], metadata: Obj) -> list[Stored]:
    """The page that is asked for; what there is to say about it goes into `metadata`."""
    if token := query.get("continue"):
        continuation = Continuation.decode(token)
        _check_reach(store, address, continuation.resource_version)
        metadata["resourceVersion"] = str(continuation.resource_version)
        found = [stored for stored in found if key_of(stored.obj) > continuation.start]
    limit = whole_number(query, "limit") or len(found)
    if left := len(found[limit:]):
        last = key_of(found[limit - 1].obj)
        metadata["continue"] = Continuation(int(metadata["resourceVersion"]), last).encode()
        if not (query.get("labelSelector") or query.get("fieldSelector")):
            metadata["remainingItemCount"] = left
    return found[:limit]


def _check_reach(store: Store, address: Address, version: int) -> None:
    if not store.remembers(address.resource, version):
        raise continue_expired()


def _envelope(address: Address, metadata: Obj, items: Sequence[Stored], represent: Represent) -> bytes:
    resource = address.resource
    kind, api_version = f"{resource.kind}List", resource.api_version
    if represent is not whole:
        kind, api_version = "PartialObjectMetadataList", "meta.k8s.io/v1"
    head = encode({"kind": kind, "apiVersion": api_version, "metadata": metadata})
    listed = (represent(stored) for stored in items)
    if represent is whole:
        listed = (_without_type(raw, resource) for raw in listed)
    return b"%b,%b" % (head[:-1], b'"items":[%b]}' % b",".join(listed))


def _without_type(raw: bytes, resource: Resource) -> bytes:
    """An item of a list, whose type is that of the list; every object is stored with its type in front."""
    head = encode({"kind": resource.kind, "apiVersion": resource.api_version})[:-1] + b","
    return b"{" + raw.removeprefix(head) if raw.startswith(head) else raw
