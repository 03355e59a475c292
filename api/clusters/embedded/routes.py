"""The REST protocol: one handler a verb, chosen by method and path."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import web

from . import discovery, reviews
from .listing import list_objects, typeless
from .logs import LogRequest, Logs
from .metrics import Usage
from .objects import Obj, encode
from .options import (
    JSON,
    check_not_forced,
    delete_options,
    forced,
    initial_events,
    matcher,
    representation,
    scaling,
    sent_object,
    write_options,
)
from .patching import APPLY_TYPE, patch_of
from .registry import Registry
from .requests import Address, address_of, as_object, decode_yaml, flag, resource_version, whole_number
from .resources import PODS
from .status import ApiError, internal_error, method_not_allowed, too_large, unauthorized, unknown_resource
from .strategies import scale_of
from .watch import Watcher, WatchRequest, metadata_only, partial_object_metadata

logger = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Verb: TypeAlias = Callable[[web.Request, Address], Awaitable[web.StreamResponse]]

MAX_BODY = 3 * 1024 * 1024
"""Bytes; the limit of kube-apiserver."""

_WRITES = frozenset({"POST", "PUT", "PATCH"})
_LONGEST_LOADING = 60.0
_LONGEST_WATCH = 3600
_SHORTEST_DEFAULT_WATCH = 1800


class Routes:
    """Answers requests from the registry.

    `loaded` is set when objects can be decoded, `token` is what a client must bear, and `watch_queue` how many
    changes a watcher may be behind.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        loaded: asyncio.Event,
        token: str,
        watch_queue: int,
        logs: Logs,
        usage: Usage,
    ) -> None:
        self.token = token
        self._loaded = loaded
        self._registry = registry
        self._store = registry.store
        self._watch_queue = watch_queue
        self._logs = logs
        self._usage = usage
        self._watchers: set[Watcher] = set()
        self._closing = asyncio.Event()
        self._object_verbs = {"GET": self._get, "PUT": self._put, "PATCH": self._patch, "DELETE": self._delete}
        self._collection_verbs: Mapping[str, Verb] = {
            "GET": self._list_or_watch,
            "POST": self._post,
            "DELETE": self._delete_collection,
        }
        self._subresource_verbs: Mapping[str, Mapping[str, Verb]] = {
            "log": {"GET": self._log},
            "scale": {"GET": self._scale, "PUT": self._scale, "PATCH": self._scale},
            "status": {"GET": self._get, "PUT": self._put, "PATCH": self._patch},
        }

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
        address = address_of(request.path)
        if address is not None:
            verb = self._verb(request.method, address)
            if request.method in _WRITES:
                await self._decodable()
            return await verb(request, address)
        if request.method == "POST" and (review := reviews.review_at(request.path)) is not None:
            return _json(encode(review(await sent_object(request))), status=HTTPStatus.CREATED)
        return self._elsewhere(request.path, request.query)

    async def _decodable(self) -> None:
        """Waits, just after the start, until what a write is checked against is there."""
        async with asyncio.timeout(_LONGEST_LOADING):
            await self._loaded.wait()

    def _elsewhere(self, path: str, query: Mapping[str, str]) -> web.Response:
        """What is served beside the objects."""
        if path in discovery.HEALTH:
            return web.Response(text="ok")
        document = discovery.document(path) or self._usage.at(path, selector=query.get("labelSelector", ""))
        if document is not None:
            return _json(encode(document))
        if discovery.is_served_group(path):
            raise unknown_resource()
        return web.Response(status=HTTPStatus.NOT_FOUND, text="404 page not found\n")

    def _verb(self, method: str, address: Address) -> Verb:
        verbs: Mapping[str, Verb] = self._object_verbs if address.name else self._collection_verbs
        if address.subresource:
            verbs = self._subresource_verbs.get(address.subresource, {})
        verb = verbs.get(method)
        if verb is None or (method in {"POST", "DELETE"} and _spans_namespaces(address)):
            raise method_not_allowed()
        return verb

    # Reads

    async def _get(self, request: web.Request, address: Address) -> web.StreamResponse:
        obj = self._registry.get(address.resource, address.key)
        return _json(encode(partial_object_metadata(obj) if representation(request) is metadata_only else obj))

    async def _list_or_watch(self, request: web.Request, address: Address) -> web.StreamResponse:
        if flag(request.query, "watch"):
            return await self._watch(request, self._watch_request(request, address))
        return _json(
            list_objects(
                self._store,
                address,
                request.query,
                matches=matcher(request, address),
                represent=representation(request),
            )
        )

    def _watch_request(self, request: web.Request, address: Address) -> WatchRequest:
        query = request.query
        default = _SHORTEST_DEFAULT_WATCH + secrets.randbelow(_SHORTEST_DEFAULT_WATCH)
        return WatchRequest(
            address.resource,
            address.namespace,
            matches=matcher(request, address),
            represent=representation(request),
            timeout=min(whole_number(query, "timeoutSeconds") or default, _LONGEST_WATCH),
            resource_version=resource_version(query) or None,
            bookmarks=flag(query, "allowWatchBookmarks"),
            initial_events=initial_events(query),
        )

    async def _watch(self, request: web.Request, wanted: WatchRequest) -> web.StreamResponse:
        watcher = Watcher(self._store, wanted, queue_size=self._watch_queue)
        response = web.StreamResponse(headers={"Content-Type": JSON})
        await response.prepare(request)
        with self._watching(watcher):
            await _stream(response, watcher.lines())
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
        await _stream(response, self._logs.read(pod, wanted, until=self._closing))
        return response

    # Writes

    async def _post(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = write_options(request, address, "CreateOptions", warnings)
        obj = await sent_object(request)
        created = self._registry.create(address.resource, address.namespace, obj, options)
        return await self._written(created, warnings, status=HTTPStatus.CREATED)

    async def _put(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = write_options(request, address, "UpdateOptions", warnings)
        obj = await sent_object(request)
        return await self._written(self._registry.update(address.resource, address.key, obj, options), warnings)

    async def _patch(self, request: web.Request, address: Address) -> web.StreamResponse:
        warnings: list[str] = []
        options = write_options(request, address, "PatchOptions", warnings)
        body = await request.read()
        if request.content_type == APPLY_TYPE:
            force = forced(request.query)
            config = as_object(decode_yaml(body))
            obj, created = self._registry.apply(address.resource, address.key, config, options, force=force)
            return await self._written(obj, warnings, status=HTTPStatus.CREATED if created else HTTPStatus.OK)
        check_not_forced(request.query)
        change = patch_of(request.content_type, body)
        return await self._written(self._registry.change(address.resource, address.key, change, options), warnings)

    async def _scale(self, request: web.Request, address: Address) -> web.StreamResponse:
        if request.method == "GET":
            return _json(encode(scale_of(self._registry.get(address.resource, address.key))))
        warnings: list[str] = []
        options = write_options(request, address, "UpdateOptions", warnings)
        change = scaling(request, await request.read())
        scaled = self._registry.change(address.resource, address.key, change, options)
        return await self._written(scale_of(scaled), warnings)

    async def _delete(self, request: web.Request, address: Address) -> web.StreamResponse:
        options = delete_options(request.query, await request.read())
        return await self._written(self._registry.delete(address.resource, address.key, options), [])

    async def _delete_collection(self, request: web.Request, address: Address) -> web.StreamResponse:
        options = delete_options(request.query, await request.read())
        matches = matcher(request, address)
        deleted = self._registry.delete_collection(address.resource, address.namespace, matches, options)
        answer = {
            "kind": f"{address.resource.kind}List",
            "apiVersion": address.resource.api_version,
            "metadata": {"resourceVersion": str(self._store.resource_version)},
            "items": [typeless(obj) for obj in deleted],
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


async def _stream(response: web.StreamResponse, chunks: AsyncGenerator[bytes, None]) -> None:
    """Writes until there is no more, or nobody reads any more."""
    async with contextlib.aclosing(chunks):
        with contextlib.suppress(ConnectionError):
            async for chunk in chunks:
                await response.write(chunk)
            await response.write_eof()


def _spans_namespaces(address: Address) -> bool:
    return address.resource.namespaced and not address.namespace


def _json(body: bytes, *, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(body=body, status=status, content_type=JSON)


def _failure(error: ApiError) -> web.Response:
    response = _json(encode(error.status()), status=error.code)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
