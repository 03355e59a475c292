"""One POST to a receiver: over verified TLS, to the address that was judged, following nowhere, for a bounded time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from api.errors import InvalidInput
from api.webhooks.addresses import Address, AddressPolicy
from api.webhooks.backoff import read_retry_after
from api.webhooks.resolving import AddressRefused, LookUp, address_of
from api.webhooks.targets import Target, Targets

MOST_ANSWER_BYTES = 4_096
"""Of a receiver's answer; the rest is not read."""
_MOST_HEADER_BYTES = 8_192
_BODY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered, `body` cut short."""

    status: int
    body: str
    retry_after: timedelta | None
    duration_ms: int

    @property
    def accepted(self) -> bool:
        """Whether the receiver has it: 2xx. A redirect is none: nobody is followed."""
        return 200 <= self.status < 300  # noqa: PLR2004 - as RFC 9110 has it


class NotSent(Exception):
    """No answer came; `reason` is for the webhook's owner, and says nothing of what lies on this side."""

    def __init__(self, reason: str, *, duration_ms: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.duration_ms = duration_ms


class Sender:
    """Posts deliveries. `tls` verifies receivers' certificates."""

    def __init__(
        self, targets: Targets, policy: AddressPolicy, look_up: LookUp, *, tls: ssl.SSLContext, timeout: float = 5.0
    ) -> None:
        self._targets = targets
        self._policy = policy
        self._look_up = look_up
        self._tls = tls
        self._timeout = timeout

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The receiver's answer; raises NotSent. Everything together, the look-up of the name too, is bounded."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(url, body, headers, began)
        except TimeoutError as error:
            raise _failed(f"There was no answer within {self._timeout:g} s.", began) from error
        except InvalidInput as error:  # the rules of this installation have changed since it was made
            raise _failed(error.message, began) from error
        except AddressRefused as error:
            raise _failed("The host's name leads to no address of the public internet.", began) from error
        except aiohttp.ClientConnectorCertificateError as error:
            reason = getattr(error.certificate_error, "verify_message", "it cannot be verified")
            raise _failed(f"The receiver's certificate is refused: {reason}.", began) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _failed("The connection could not be made, or broke off.", began) from error

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], began: float) -> Answer:
        target = self._targets.read(url)
        address = await address_of(target, self._policy, self._look_up)
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(target, address), use_dns_cache=False, force_close=True, ssl=self._tls
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_MOST_HEADER_BYTES,
            max_field_size=_MOST_HEADER_BYTES,
            skip_auto_headers=("Accept-Encoding",),
        ) as session:
            posting = session.post(URL(url, encoded=True), data=body, headers=headers, allow_redirects=False)
            async with posting as response:
                return Answer(
                    status=response.status,
                    body=await _beginning(response),
                    retry_after=read_retry_after(response.headers.get("Retry-After")),
                    duration_ms=_milliseconds(began),
                )


class _Pinned(AbstractResolver):
    """Knows one name, and gives the address that was judged; whatever else is asked for does not exist."""

    def __init__(self, target: Target, address: Address) -> None:
        self._target = target
        self._address = address

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - there is one address
    ) -> list[ResolveResult]:
        if host != self._target.host:
            raise OSError(f"{host} is not where this delivery goes")
        of = socket.AF_INET if self._address.version == 4 else socket.AF_INET6  # noqa: PLR2004
        return [
            ResolveResult(
                hostname=host,
                host=str(self._address),
                port=port,
                family=of,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """The first bytes of an answer as text that PostgreSQL takes. The answer itself was its status: that more of it is
    slow to come, or breaks off, changes nothing."""
    read = bytearray()
    with suppress(aiohttp.ClientError, TimeoutError):
        async with asyncio.timeout(_BODY_SECONDS):
            while chunk := await response.content.read(MOST_ANSWER_BYTES - len(read)):
                read += chunk
    return read.decode(errors="replace").replace("\0", "�")


def _failed(reason: str, began: float) -> NotSent:
    return NotSent(reason, duration_ms=_milliseconds(began))


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
