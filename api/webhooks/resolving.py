"""From a host's name to the one address that a delivery connects to.

A name is looked up once, and what was judged is what is connected to: a name that answers otherwise a moment later (DNS
rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address

from api.webhooks.addresses import Address, AddressPolicy
from api.webhooks.targets import Target

LookUp = Callable[[str], Awaitable[list[Address]]]
"""The addresses of a name, best first; OSError where there are none."""

_THREADS = 16


class AddressRefused(Exception):
    """Nothing that may be connected to. Which of the reasons it is stays untold: the answer would map our network."""


@contextmanager
def system_look_up() -> Iterator[LookUp]:
    """The operating system's resolver, on threads of its own: a name server that is slow holds up no other look-up."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-dns") as threads:

        async def look_up(name: str) -> list[Address]:
            found = await asyncio.get_running_loop().run_in_executor(threads, _getaddrinfo, name)
            return [ip_address(address) for address in found]

        try:
            yield look_up
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(name: str) -> list[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for *_, address in found]


async def address_of(target: Target, policy: AddressPolicy, look_up: LookUp) -> Address:
    """The address to connect to; raises AddressRefused.

    One bad address among several is enough to refuse them all: a name that has such is not meant for the internet.
    """
    try:
        found = [target.address] if target.address is not None else await look_up(target.host)
    except (OSError, UnicodeError, ValueError) as error:
        raise AddressRefused from error
    if not found or not all(policy.permits(address) for address in found):
        raise AddressRefused
    return found[0]
