"""Whom a request comes from, where proxies stand in between.

Anybody can write X-Forwarded-For. Each proxy appends the address that it was reached from, so the list is believed from
its right end, and only as far as the addresses that tell of it are those of proxies of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from api.monitoring import logs

_LOOPBACK = "127.0.0.1"
"""Where a proxy on the same machine asks from, and that is written in one way only."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class ClientAddresses:
    """Puts the client's own address where ASGI has the peer's (`scope["client"]`), and into the logs.

    X-Forwarded-For is read only from peers in the networks of `trusted`.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or not scope.get("client"):
            await self._app(scope, receive, send)
            return
        peer, _ = scope["client"]
        forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        client = client_address(peer, forwarded, self._trusted)
        logged = logs.client.set(client)
        try:
            if client != peer:
                scope = {**scope, "client": (client, 0)}
            await self._app(scope, receive, send)
        finally:
            logs.client.reset(logged)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the client behind `peer`, by the values of the X-Forwarded-For headers, the first header first.

    The rightmost one that is no proxy of ours; where one cannot be read, the proxy that passed it on.
    """
    if not forwarded and peer == _LOOPBACK:
        return peer
    found = str(_parsed(peer) or peer)
    for entry in _from_the_right(forwarded):
        told = _parsed(entry)
        if told is None or not _is_trusted(found, trusted):
            break
        found = str(told)
    return found


def _from_the_right(forwarded: Sequence[str]) -> Iterator[str]:
    for header in reversed(forwarded):
        yield from reversed(header.split(","))


def _is_trusted(address: str, trusted: Iterable[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(entry: str) -> Address | None:
    """An address as proxies write it: some add a port, and IPv6 is in brackets then."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
