"""One way to the API server: authenticated requests by path, every one with a timeout, errors in our own words.

`kubernetes.aio` brings configuration, credentials (with their refreshing) and transport; its typed models are not used:
they cost ten times what the call does.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
from kubernetes.aio import config as kubernetes_config
from kubernetes.aio.client import ApiClient, Configuration

from api.clusters.failures import TryAgain, failure
from api.clusters.models import ClusterSource, Embedded, InCluster, Kubeconfig
from api.clusters.objects import Kind
from api.errors import ConfigurationError, Unavailable

CALL_SECONDS = 5.0
_ATTEMPTS = 3
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_USER_AGENT = "moorage"

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, as it may be sent more than once."""

    method: str
    path: str
    query: Query
    body: object = None
    content_type: str = "application/json"


def path(kind: Kind, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
    """The path of a kind, of its objects in a namespace, or of one object; every part is percent-encoded."""
    parts = [kind.prefix]
    if kind.namespaced and namespace is not None:
        parts += ["namespaces", quote(namespace, safe="")]
    parts.append(kind.plural)
    parts += [quote(part, safe="") for part in (name, subresource) if part is not None]
    return "/".join(parts)


class Connection:
    """Requests to one API server."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, source: ClusterSource) -> AsyncIterator[Connection]:
        """The way to `source`; the embedded cluster runs as long as the connection is open.

        Raises ConfigurationError where the source itself is unusable; that the cluster does not answer is no error yet.
        """
        async with AsyncExitStack() as stack:
            configuration = Configuration()
            if isinstance(source, Embedded):
                await _start_embedded(stack, source, configuration)
            else:
                await _load(source, configuration)
            client = await stack.enter_async_context(ApiClient(configuration))
            client.user_agent = _USER_AGENT
            yield cls(client)

    async def get(self, path: str, query: Query | None = None) -> bytes:
        """The body of a GET; tried again, briefly, when the server has a problem of its own."""
        return (await self._retried(_Call("GET", path, query or {})))[0]

    async def write(
        self,
        method: str,
        path: str,
        body: object,
        *,
        query: Query | None = None,
        content_type: str = "application/json",
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The object that a write answers, and its warnings.

        Only what is idempotent (DELETE, and PATCH, which is apply here) is tried again.
        """
        call = _Call(method, path, query or {}, body, content_type)
        content, warnings = await (self._once(call) if method == "POST" else self._retried(call))
        return msgspec.json.decode(content), warnings

    @asynccontextmanager
    async def stream(self, path: str, query: Query) -> AsyncIterator[aiohttp.StreamReader]:
        """The open body of a GET, for a watch. Whoever reads it sees to it that it does not stall."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                response = await self._send(_Call("GET", path, query), aiohttp.ClientTimeout(total=None))
        except TimeoutError as error:
            raise _too_slow() from error
        try:
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise failure(response.status, await response.read(), response.headers)
            yield response.content
        finally:
            response.close()

    async def _retried(self, call: _Call) -> tuple[bytes, tuple[str, ...]]:
        for attempt in range(_ATTEMPTS - 1):
            try:
                return await self._once(call)
            except TryAgain as error:
                pause = error.after if error.after is not None else _FIRST_PAUSE * 2**attempt
                if pause > _LONGEST_PAUSE:
                    raise
                await asyncio.sleep(pause * random.uniform(1, 1.5))  # noqa: S311 - replicas shall not march in step
        return await self._once(call)

    async def _once(self, call: _Call) -> tuple[bytes, tuple[str, ...]]:
        try:
            async with await self._send(call, aiohttp.ClientTimeout(total=CALL_SECONDS)) as response:
                content = await response.read()
        except TimeoutError as error:
            raise _too_slow() from error
        except aiohttp.ClientError as error:
            raise _unreachable(error) from error
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise failure(response.status, content, response.headers)
        return content, _warnings(response)

    async def _send(self, call: _Call, limit: aiohttp.ClientTimeout) -> aiohttp.ClientResponse:
        headers = {"Accept": "application/json", "Content-Type": call.content_type, "User-Agent": _USER_AGENT}
        await self._client.update_params_for_auth(headers, [], ["BearerToken"], call.path, call.method, call.body)
        url = f"{self._client.configuration.host}{call.path}" + (f"?{urlencode(call.query)}" if call.query else "")
        try:
            answer = await self._client.rest_client.request(
                call.method, url, headers=headers, body=call.body, _request_timeout=limit
            )
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise _unreachable(error) from error
        response: aiohttp.ClientResponse = answer.response
        return response


async def _start_embedded(stack: AsyncExitStack, source: Embedded, configuration: Configuration) -> None:
    from api.clusters.embedded import EmbeddedCluster  # noqa: PLC0415 - only where it is used: it is a server of its own

    embedded = await stack.enter_async_context(EmbeddedCluster.open(source.data_path, pace=source.pace))
    await kubernetes_config.load_kube_config_from_dict(embedded.kubeconfig(), client_configuration=configuration)


async def _load(source: Kubeconfig | InCluster, configuration: Configuration) -> None:
    try:
        if isinstance(source, InCluster):
            kubernetes_config.load_incluster_config(client_configuration=configuration)
            return
        await kubernetes_config.load_kube_config(
            config_file=str(source.path),
            context=source.context,
            client_configuration=configuration,
            persist_config=False,
        )
    except Exception as error:  # the loaders raise whatever their parsers do
        message = f"this kubeconfig cannot be used: {error}"
        raise ConfigurationError(message, setting="MOORAGE_KUBECONFIG") from error


def _warnings(response: aiohttp.ClientResponse) -> tuple[str, ...]:
    """The texts of Warning headers: `299 - "text"` (RFC 9111, section 5.5)."""
    texts = (header.split(" ", maxsplit=2)[-1] for header in response.headers.getall("Warning", []))
    return tuple(text.strip().strip('"').replace('\\"', '"') for text in texts)


def _too_slow() -> Unavailable:
    return Unavailable(f"The cluster did not answer within {CALL_SECONDS:g} s.", part="cluster")


def _unreachable(error: BaseException) -> Unavailable:
    return Unavailable(f"The cluster does not answer ({str(error) or type(error).__name__}).", part="cluster")
