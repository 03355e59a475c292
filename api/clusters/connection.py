"""One way to the API server: authenticated requests by path, every one with a timeout, errors in our own words.

`kubernetes.aio` brings configuration, credentials and transport; its typed models are not used: they cost ten times
what the call does.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.config import ConfigException

from api.clusters.credentials import Credentials
from api.clusters.failures import Busy, Faulty, failure
from api.clusters.models import ClusterSource
from api.clusters.objects import Kind
from api.clusters.verbs import named
from api.errors import ClusterRefused, ConfigurationError, Unavailable, Unreachable
from api.monitoring.calls import Call as Told
from api.monitoring.calls import Calls
from api.monitoring.telemetry import Telemetry

JSON = "application/json"
CALL_SECONDS = 3.5
"""A call with all its retries; and the opening of a stream. What is done before and after it fits into 5 s."""
_RETRIES = 3
_FIRST_PAUSE = 0.1
_USER_AGENT = "moorage"
_QUOTED_PAIR = re.compile(r"\\(.)")

Query = Mapping[str, str]
Answer = tuple[bytes, tuple[str, ...]]
"""A body, and the texts of the Warning headers."""


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, as it may be sent more than once."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    body: object = None
    content_type: str = JSON
    accept: str = JSON

    @property
    def is_idempotent(self) -> bool:
        """Whether doing it twice is as good as once; PATCH is, as it is used here (apply, and patches that test)."""
        return self.method != "POST"


def path(kind: Kind, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
    """The path of a kind, of its objects in a namespace, or of one object.

    Every part is percent-encoded. Raises ClusterRefused for a name that is none and would lead elsewhere.
    """
    parts = [kind.prefix]
    if kind.namespaced and namespace is not None:
        parts += ["namespaces", _segment(namespace)]
    parts.append(kind.plural)
    parts += [_segment(part) for part in (name, subresource) if part is not None]
    return "/".join(parts)


def _segment(name: str) -> str:
    if name in {"", ".", ".."}:  # no encoding keeps these from being resolved
        raise ClusterRefused(f"{name!r} is no name of a Kubernetes object.")
    return quote(name, safe="")


class Connection:
    """Requests to one API server. All raise Unavailable(part="cluster") where it does not answer, and its refusals as
    `api.clusters.failures` words them."""

    def __init__(
        self, client: ApiClient, credentials: Credentials, *, limit: float = CALL_SECONDS, calls: Calls | None = None
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._limit = limit
        self._calls = calls or Telemetry().kubernetes

    @classmethod
    @asynccontextmanager
    async def open(
        cls, source: ClusterSource, *, limit: float = CALL_SECONDS, calls: Calls | None = None
    ) -> AsyncIterator[Connection]:
        """The way to `source`, of which no call takes longer than `limit` seconds; the embedded cluster runs as long
        as the connection is open.

        Raises ConfigurationError where the source itself is unusable; that the cluster does not answer is no error yet.
        """
        async with Credentials.open(source) as credentials, _client(credentials.configuration) as client:
            yield cls(client, credentials, limit=limit, calls=calls)

    async def get(self, path: str, query: Query | None = None, *, accept: str = JSON) -> bytes:
        """The body of a GET."""
        return (await self._call(_Call("GET", path, query or {}, accept=accept)))[0]

    async def get_object(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """The body of a GET that answers one JSON object."""
        return _decoded(await self.get(path, query))

    async def write(
        self,
        method: str,
        path: str,
        body: object,
        *,
        query: Query | None = None,
        content_type: str = JSON,
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The object that a write answers, and its warnings."""
        content, warnings = await self._call(_Call(method, path, query or {}, body, content_type))
        return _decoded(content), warnings

    @asynccontextmanager
    async def stream(self, path: str, query: Query, *, accept: str = JSON) -> AsyncIterator[aiohttp.StreamReader]:
        """The open body of a GET, for a watch. Whoever reads it sees to it that it does not stall, and that aiohttp's
        own errors are handled: only opening it is translated."""
        call = _Call("GET", path, query, accept=accept)
        async with _limited(self._limit):
            with self._told(call) as told:
                response = await self._send(call, aiohttp.ClientTimeout(total=None))
                told.answered(str(response.status), failed=response.status >= HTTPStatus.BAD_REQUEST)
        try:
            if response.status >= HTTPStatus.BAD_REQUEST:
                async with _limited(self._limit):
                    raise failure(response.status, await _read(response), response.headers)
            yield response.content
        finally:
            response.close()

    async def _call(self, call: _Call) -> Answer:
        """Send it; and again where the server asks for that, or fails at what may be done twice."""
        async with _limited(self._limit) as deadline:
            for retry in range(_RETRIES):
                try:
                    return await self._once(call)
                except Busy as error:  # turned away before anything was done
                    await _pause(error, error.retry_after or _FIRST_PAUSE * 2**retry, deadline)
                except Faulty as error:
                    if not call.is_idempotent:
                        raise
                    await _pause(error, _FIRST_PAUSE * 2**retry, deadline)
            return await self._once(call)

    async def _once(self, call: _Call) -> Answer:
        with self._told(call) as told:
            async with await self._send(call, aiohttp.ClientTimeout(total=self._limit)) as response:
                content = await _read(response)
            told.answered(str(response.status), failed=response.status >= HTTPStatus.BAD_REQUEST)
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise failure(response.status, content, response.headers)
        return content, _warnings(response)

    def _told(self, call: _Call) -> Told:
        return self._calls.to(*named(call.method, call.path, call.query, call.content_type))

    async def _send(self, call: _Call, limit: aiohttp.ClientTimeout) -> aiohttp.ClientResponse:
        """The answer, its body unread; asked for once more with fresh credentials where the old ones are not taken."""
        response = await self._request(call, limit)
        if response.status != HTTPStatus.UNAUTHORIZED or not await self._renewed():
            return response
        response.close()
        return await self._request(call, limit)

    async def _request(self, call: _Call, limit: aiohttp.ClientTimeout) -> aiohttp.ClientResponse:
        headers = {"Accept": call.accept, "Content-Type": call.content_type, "User-Agent": _USER_AGENT}
        url = f"{self._client.configuration.host}{call.path}" + (f"?{urlencode(call.query)}" if call.query else "")
        try:
            await self._client.update_params_for_auth(headers, [], ["BearerToken"], call.path, call.method, call.body)
            answer = await self._client.rest_client.request(
                call.method, url, headers=headers, body=call.body, _request_timeout=limit
            )
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError, ConfigException) as error:
            raise _unreachable(error) from error
        response: aiohttp.ClientResponse = answer.response
        return response

    async def _renewed(self) -> bool:
        try:
            return await self._credentials.renew()
        except ConfigurationError as error:
            message = "Moorage's credentials for the cluster are out of date. Its log says why."
            raise Unavailable(message, part="cluster", detail=str(error)) from error


@asynccontextmanager
async def _client(configuration: Configuration) -> AsyncIterator[ApiClient]:
    try:
        client = ApiClient(configuration)
    except (OSError, ValueError) as error:  # a certificate that cannot be read; ssl's errors are OSErrors
        message = f"the certificates of this kubeconfig cannot be used: {error}"
        raise ConfigurationError(message, setting="MOORAGE_KUBECONFIG") from error
    async with client:
        yield client


@asynccontextmanager
async def _limited(seconds: float) -> AsyncIterator[float]:
    """At most so many seconds; yields the loop's time at which they are over."""
    try:
        async with asyncio.timeout(seconds):
            yield asyncio.get_running_loop().time() + seconds
    except TimeoutError as error:
        raise Unreachable(f"The cluster did not answer within {seconds:g} s.", part="cluster") from error


async def _pause(error: Unavailable, seconds: float, deadline: float) -> None:
    """Sleep before the next try; raises `error` where no time is left for one."""
    jittered = seconds * random.uniform(1, 1.5)  # noqa: S311 - so that replicas do not march in step
    if asyncio.get_running_loop().time() + jittered >= deadline:
        raise error
    await asyncio.sleep(jittered)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.read()
    except TimeoutError:
        raise
    except (aiohttp.ClientError, OSError) as error:
        raise _unreachable(error) from error


def _decoded(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Unavailable("What answers is no Kubernetes API server.", part="cluster", detail=str(error)) from error


def _warnings(response: aiohttp.ClientResponse) -> tuple[str, ...]:
    """The texts of Warning headers: `299 - "text"` (RFC 9111, section 5.5)."""
    return tuple(_warning(header) for header in response.headers.getall("Warning", []))


def _warning(header: str) -> str:
    text = header.split(" ", maxsplit=2)[-1].strip().removeprefix('"').removesuffix('"')
    return _QUOTED_PAIR.sub(r"\1", text)


def _unreachable(error: BaseException) -> Unreachable:
    detail = str(error) or type(error).__name__
    return Unreachable("The cluster does not answer. Try again in a moment.", part="cluster", detail=detail)
