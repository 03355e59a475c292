"""The ways in which an API server is away, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.api.proxy import Fault, FaultyProxy

Break = Callable[[FaultyProxy], Awaitable[None]]


async def refusing(proxy: FaultyProxy) -> None:
    await proxy.refuse_connections()


async def failing(proxy: FaultyProxy) -> None:
    await _always(proxy, Fault.REFUSED)


async def busy(proxy: FaultyProxy) -> None:
    proxy.rest = 2
    await _always(proxy, Fault.BUSY)


async def late(proxy: FaultyProxy) -> None:
    await _always(proxy, Fault.LATE)


async def _always(proxy: FaultyProxy, fault: Fault) -> None:
    proxy.fail_when(lambda _: True, fault)
    proxy.break_connections()


WAYS: dict[str, Break] = {
    "refusing connections": refusing,
    "answering 500": failing,
    "answering 429, Retry-After: 2": busy,
    "answering later than its limit": late,
}


async def heal(proxy: FaultyProxy) -> None:
    """The API server is back."""
    if not proxy.listens:
        await proxy.accept_connections()
    proxy.heal()
