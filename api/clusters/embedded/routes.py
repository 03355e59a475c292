"""The REST protocol: one handler a verb, chosen by method and path."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import web

from . import discovery, logs, metrics, reviews
from .listing import list_objects
from .logs import LogRequest
from .objects import Obj, encode
from .patching import APPLY_TYPE, patch_of
from .registry import DeleteOptions, Registry, WriteOptions
from .requests import (
    Address,
    address_of,
    as_object,
    decode_json,
    decode_yaml,
    dry_run,
    flag,
    resource_version,
    whole_number,
)
from .resources import PODS
from .selectors import Matcher, field_selector, label_selector
from .status import (
    ApiError,
    FieldError,
    bad_request,
    internal_error,
    invalid_options,
    method_not_allowed,
    too_large,
    unauthorized,
    unsupported_media_type,
)
from .strategies import scale_of
from .watch import Represent, Watcher, WatchRequest, metadata_only, partial_object_metadata, whole

logger = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_BODY = 3 * 1024 * 1024
"""Bytes; the limit of kube-apiserver."""

_JSON = "application/json"
_LONGEST_WATCH = 3600
_SHORTEST_DEFAULT_WATCH = 1800


class Routes:
    """Answers requests from the registry. `token` is what a client must bear."""

    def __init__(
        self, registry: Registry, *, token: str, queue_size: int, kubelet_logs: logs.Logs, usage: metrics.Usage
    ) -> None:
        self._registry = registry
        self._store = registry.store
        self.token = token
        self._queue_size = queue_size
        self._logs = kubelet_logs
        self._usage = usage
        self._watchers: set[Watcher] = set()
        self._closing = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_BODY, middlewares=[self._guard])
        application.router.add_route("*", "/{path:.*}", self._dispatch)
        return application

    def close(self) -> None:
        """Ends the watches and the logs that are followed, so that the server can stop."""
        self._closing.set()
        for watcher in tuple(self._watchers):
            watcher.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets in who bears the token, and words every failure as a Status."""
        try:
            self._authenticate(request)
            return await handler(request)
        except ApiError as error:
            return _failure(error)
        except web.HTTPRequestEntityTooLarge:
            return _failure(too_large(MAX_BODY))
        except web.HTTPException:
            raise
        except Exception:
            logger.exception("The embedded cluster failed to answer %s %s", request.method, request.path)
            return _failure(internal_error("the embedded cluster failed to answer"))

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self.token.encode()):
            raise unauthorized()

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if (document := discovery.document(path)) is not None:
            return _json(encode(document))
        if path in discovery.HEALTH:
            return web.Response(text="ok")
        if (answer := self._virtual(path)) is not None:
            return _json(encode(answer))
        if (review := reviews.review_at(path)) is not None and request.method == "POST":
            return _json(encode(review(as_object(decode_json(await request.read())))), status=HTTPStatus.CREATED)
        address = address_of(path)
        if address is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="404 page not found\n")
        return await self._handler(request.method, address)(request, address)

    def _virtual(self, path: str) -> Obj | None:
        return self._usage.at(path)

    def _handler(
        self, method: str, address: Address
    ) -> Callable[[web.Request, Address], Awaitable[web.StreamResponse]]:
        table = self._of_object if address.name else self._of_collection
        handler = table().get(method)
        if address.subresource == "log" and method == "GET":
            handler = self._log
        if address.subresource == "scale" and method in {"GET", "PUT", "PATCH"}:
            handler = self._scale
        if handler is None or (address.subresource and method in {"POST", "DELETE"}):
            raise method_not_allowed()
        return handler

    def _of_object(self) -> Mapping[str, Callable[[web.Request, Address], Awaitable[web.StreamResponse]]]:
        return {"GET": self._get, "PUT": self._put, "PATCH": self._patch, "DELETE": self._delete}

    def _of_collection(self) -> Mapping[str, Callable[[web.Request, Address], Awaitable[web.StreamResponse]]]:
        return {"GET": self._list_or_watch, "POST": self._post, "DELETE": self._delete_collection}

    # Reads

    async def _get(self, request: web.Request, address: Address) -> web.StreamResponse:
        obj = self._registry.get(address.resource, address.key)
        return _json(encode(partial_object_metadata(obj) if _representation(request) is metadata_only else obj))

    async def _list_or_watch(self, request: web.Request, address: Address) -> web.StreamResponse:
        matches, represent = _matcher(request, address), _representation(request)
        if flag(request.query, "watch"):
            return await self._watch(request, address, matches, represent)
        return _json(list_objects(self._store, address, request.query, matches, represent))

    async def _watch(
        self, request: web.Request, address: Address, matches: Matcher, represent: Represent
    ) -> web.StreamResponse:
        query = request.query
        default = _SHORTEST_DEFAULT_WATCH + secrets.randbelow(_SHORTEST_DEFAULT_WATCH)
        timeout = whole_number(query, "timeoutSeconds") or default
        watcher = Watcher(
            self._store,
            WatchRequest(
                address.resource,
                address.namespace,
                matches,
                represent,
                timeout=min(timeout, _LONGEST_WATCH),
                resource_version=resource_version(query) or None,
                bookmarks=flag(query, "allowWatchBookmarks"),
                initial_events=_initial_events(query),
            ),
            queue_size=self._queue_size,
        )
        response = web.StreamResponse(headers={"Content-Type": _JSON})
        await response.prepare(request)
        with self._watching(watcher), contextlib.suppress(ConnectionError):
            async for line in watcher.lines():
                await response.write(line)
            await response.write_eof()
        return response

    @contextlib.contextmanager
    def _watching(self, watcher: Watcher) -> Iterator[None]:
        self._watchers.add(watcher)
        try:
            if self._closing.is_set():
                watcher.close()
            yield
        finally:
            self._watchers.discard(watcher)

    async def _log(self, request: web.Request, address: Address) -> web.StreamResponse:
        pod = self._registry.get(PODS, address.key)
        wanted = LogRequest.of(request.query, pod)
        self._logs.check(pod, wanted)
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            async for chunk in self._logs.read(pod, wanted, until=self._closing):
                await response.write(chunk)
            await response.write_eof()
        return response

    # Writes

    async def _post(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = _write_options(request, address, "CreateOptions", warnings)
        obj = await _body(request)
        created = self._registry.create(address.resource, address.namespace, obj, options)
        return await self._written(created, warnings, status=HTTPStatus.CREATED)

    async def _put(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = _write_options(request, address, "UpdateOptions", warnings)
        obj = await _body(request)
        return await self._written(self._registry.update(address.resource, address.key, obj, options), warnings)

    async def _patch(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = _write_options(request, address, "PatchOptions", warnings)
        body = await request.read()
        if request.content_type == APPLY_TYPE:
            config = as_object(decode_yaml(body))
            force = _force(request)
            obj, created = self._registry.apply(address.resource, address.key, config, options, force=force)
            return await self._written(obj, warnings, status=HTTPStatus.CREATED if created else HTTPStatus.OK)
        if flag(request.query, "force"):
            raise invalid_options(
                "PatchOptions",
                [FieldError("FieldValueForbidden", "force", "Forbidden: may not be specified for non-apply patch")],
            )
        change = patch_of(request.content_type, body, address.resource, address.name)
        return await self._written(self._registry.change(address.resource, address.key, change, options), warnings)

    async def _scale(self, request: web.Request, address: Address) -> web.StreamResponse:
        resource, key = address.resource, address.key
        if request.method != "GET":
            warnings: list[str] = []
            options = _write_options(request, address, "UpdateOptions", warnings)
            body = await request.read()
            change = _scaling(request, body, address)
            self._registry.change(resource, key, change, options)
            await self._store.journal.flushed()
        return _json(encode(scale_of(resource, self._registry.get(resource, key))))

    async def _delete(self, request: web.Request, address: Address) -> web.StreamResponse:
        options = _delete_options(request.query, await request.read())
        return await self._written(self._registry.delete(address.resource, address.key, options), [])

    async def _delete_collection(self, request: web.Request, address: Address) -> web.StreamResponse:
        if not address.namespace and address.resource.namespaced:
            raise method_not_allowed()
        options = _delete_options(request.query, await request.read())
        matches = _matcher(request, address)
        deleted = self._registry.delete_collection(address.resource, address.namespace, matches, options)
        resource = address.resource
        metadata = {"resourceVersion": str(self._store.resource_version)}
        answer = {
            "kind": f"{resource.kind}List",
            "apiVersion": resource.api_version,
            "metadata": metadata,
            "items": deleted,
        }
        return await self._written(answer, [])

    async def _written(self, obj: Obj, warnings: list[str], *, status: int = HTTPStatus.OK) -> web.StreamResponse:
        """Answers a write once it would survive the end of the process."""
        raw = encode(obj)
        await self._store.journal.flushed()
        response = _json(raw, status=status)
        for warning in dict.fromkeys(warnings):
            response.headers.add("Warning", f'299 - "{_quoted(warning)}"')
        return response


def _json(body: bytes, *, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(body=body, status=status, content_type=_JSON)


def _failure(error: ApiError) -> web.Response:
    response = _json(encode(error.status()), status=error.code)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _matcher(request: web.Request, address: Address) -> Matcher:
    query = request.query
    by_label = label_selector(query.get("labelSelector", ""))
    by_field = field_selector(query.get("fieldSelector", ""), address.resource.kind)
    return lambda obj: by_label(obj) and by_field(obj)


def _representation(request: web.Request) -> Represent:
    """By the first media type of Accept that is served."""
    for media_type in request.headers.get("Accept", "").split(","):
        parameters = {part.strip() for part in media_type.split(";")}
        if parameters & {"as=PartialObjectMetadata", "as=PartialObjectMetadataList"}:
            return metadata_only
        if _JSON in parameters and not any(part.startswith("as=") for part in parameters):
            return whole
    return whole


def _initial_events(query: Mapping[str, str]) -> bool:
    asked = flag(query, "sendInitialEvents")
    if asked and query.get("resourceVersionMatch") != "NotOlderThan":
        body = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        raise invalid_options("ListOptions", [FieldError("FieldValueForbidden", "resourceVersionMatch", body)])
    return asked


def _write_options(request: web.Request, address: Address, kind: str, warnings: list[str]) -> WriteOptions:
    query = request.query
    validation = query.get("fieldValidation", "Warn")
    return WriteOptions(
        manager=query.get("fieldManager") or _agent(request),
        dry_run=dry_run(query, kind),
        subresource=address.subresource,
        strict=validation == "Strict",
        warn=warnings.append,
    )


def _agent(request: web.Request) -> str:
    """The field manager of those who name none: the first part of the user agent."""
    return request.headers.get("User-Agent", "").partition("/")[0] or "unknown"


async def _body(request: web.Request) -> Obj:
    content_type = request.content_type
    if content_type in {_JSON, "application/octet-stream"}:
        return as_object(decode_json(await request.read()))
    if content_type in {"application/yaml", "text/yaml"}:
        return as_object(decode_yaml(await request.read()))
    raise unsupported_media_type((_JSON, "application/yaml"))


def _force(request: web.Request) -> bool:
    if not request.query.get("fieldManager"):
        body = "Required value: is required for apply patch"
        raise invalid_options("PatchOptions", [FieldError("FieldValueRequired", "fieldManager", body)])
    return flag(request.query, "force")


def _scaling(request: web.Request, body: bytes, address: Address) -> Callable[[Obj], Obj]:
    """Turns a change of the Scale into one of the workload."""
    if request.method == "PUT":

        def patch(_: Obj) -> object:
            return decode_json(body)
    else:
        patch = patch_of(request.content_type, body, address.resource, address.name)

    def change(live: Obj) -> Obj:
        scale = as_object(patch(scale_of(address.resource, live)))
        metadata = {**live["metadata"]}
        if version := (scale.get("metadata") or {}).get("resourceVersion"):
            metadata["resourceVersion"] = version
        replicas = (scale.get("spec") or {}).get("replicas", 0)
        return {**live, "metadata": metadata, "spec": {**live["spec"], "replicas": replicas}}

    return change


def _delete_options(query: Mapping[str, str], body: bytes) -> DeleteOptions:
    sent = as_object(decode_json(body)) if body else {}
    preconditions = sent.get("preconditions") or {}
    grace = sent.get("gracePeriodSeconds", whole_number(query, "gracePeriodSeconds"))
    propagation = sent.get("propagationPolicy") or query.get("propagationPolicy") or "Background"
    if propagation not in {"Background", "Foreground", "Orphan"}:
        raise bad_request(f"invalid DeletionPropagation: {propagation}")
    asked = sent.get("dryRun") or [query.get("dryRun", "")]
    return DeleteOptions(
        grace_period=grace,
        propagation=propagation,
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run=dry_run({"dryRun": asked[0]}, "DeleteOptions"),
    )
