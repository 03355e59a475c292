"""One leader among replicas, by a Lease: who holds it works, and who cannot renew it stops before another may begin.

The protocol is that of https://kubernetes.io/docs/concepts/architecture/leases/ and of client-go's leader election: a
holder writes `renewTime` again and again, and whoever has seen the record unchanged for `leaseDurationSeconds` takes it
over. No two machines' clocks are compared: times are measured from when a record was first seen, on the monotonic clock
of who looks. The one addition: a Lease that is absent is made with a holder that never was, so that whoever held one
that somebody deleted has the time to notice.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

import aiohttp

from api.clusters.backoff import Backoff
from api.clusters.connection import Connection, path
from api.clusters.objects import Kind
from api.errors import MoorageError, NameTaken, NotThere

NOBODY = "nobody"
"""Holder of a Lease that was just made."""
_JITTER = 1.2
_TROUBLES = (MoorageError, aiohttp.ClientError, OSError, TimeoutError)

_logger = logging.getLogger(__name__)

Work = Callable[["Term"], Awaitable[None]]
Object = dict[str, Any]


class LeadershipLost(MoorageError):
    """The term is over: another may lead by now."""


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """In seconds. Others wait for `duration` without a renewal; the holder stops after `deadline` without one, so that
    its work has the difference to end in; and tries each `retry`."""

    duration: float = 15.0
    deadline: float = 10.0
    retry: float = 2.0


class Term:
    """The time for which somebody leads. `number` grows with each holder: a token to fence writes with."""

    def __init__(self, number: int, until: float, clock: Callable[[], float]) -> None:
        self.number = number
        self._until = until
        self._clock = clock

    @property
    def left(self) -> float:
        """Seconds for which nobody else leads: by the clock and no flag, should the event loop have stood still."""
        return self._until - self._clock()

    def require(self) -> None:
        """To be asked before each write; raises LeadershipLost once the term is over."""
        if self.left <= 0:
            raise LeadershipLost(f"Term {self.number} is over.")

    def extend(self, until: float) -> None:
        """It was renewed."""
        self._until = until

    def end(self) -> None:
        """It is over, whatever the clock says."""
        self._until = float("-inf")


class Elector:
    """Campaigns for one Lease, under an `identity` that no other process has."""

    def __init__(
        self,
        connection: Connection,
        *,
        namespace: str,
        name: str,
        identity: str,
        times: LeaseTimes | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._times = times or LeaseTimes()
        self._clock = clock
        self._lease: Object = {}  # as it was last read or written
        self._record: Object = {}  # what was last seen in it, and since when
        self._seen_at = 0.0

    async def run(self, work: Work) -> None:
        """Campaign until cancelled; do `work` for as long as this process leads, and again whenever it leads anew.

        Work that returns, or fails, gives the Lease back; who fails campaigns again after a growing pause.
        """
        backoff = Backoff()
        while True:
            term = await self._campaign()
            _logger.info("%s leads %s, term %d", self._identity, self._name, term.number)
            if await self._lead(term, work):
                backoff.reset()
            await backoff.pause()

    async def _campaign(self) -> Term:
        while True:
            try:
                async with asyncio.timeout(self._times.deadline):
                    if (term := await self._take()) is not None:
                        return term
            except _TROUBLES as error:
                _logger.info("the Lease %s cannot be had: %s", self._name, str(error) or type(error).__name__)
            await asyncio.sleep(self._times.retry * random.uniform(1, _JITTER))  # noqa: S311 - no secret

    async def _take(self) -> Term | None:
        """The Lease, where it is free."""
        began = self._clock()
        try:
            self._observe(await self._connection.get_object(self._path()))
        except NotThere:
            await self._make()
            return None
        spec = self._lease["spec"]
        if not self._is_free(spec):
            return None
        number = int(spec.get("leaseTransitions") or 0) + 1
        now = _micro_time()
        await self._write(acquireTime=now, renewTime=now, leaseTransitions=number, holderIdentity=self._identity)
        return Term(number, began + self._times.deadline, self._clock)

    async def _make(self) -> None:
        body = {
            "apiVersion": Kind.LEASE.api_version,
            "kind": Kind.LEASE.kind,
            "metadata": {"name": self._name, "namespace": self._namespace},
            "spec": {"holderIdentity": NOBODY, "leaseDurationSeconds": ceil(self._times.duration)},
        }
        try:
            made, _ = await self._connection.write("POST", path(Kind.LEASE, self._namespace), body)
        except NameTaken:  # somebody was faster, and made the same
            return
        self._observe(made)

    def _observe(self, lease: Object) -> None:
        self._lease = {**lease, "spec": lease.get("spec") or {}}
        if self._lease["spec"] != self._record:
            self._record, self._seen_at = self._lease["spec"], self._clock()

    def _is_free(self, spec: Object) -> bool:
        unchanged = self._clock() - self._seen_at
        return not spec.get("holderIdentity") or unchanged > float(spec.get("leaseDurationSeconds") or 0)

    async def _lead(self, term: Term, work: Work) -> bool:
        """Work and renew until either ends; whether the work ended by itself, and well."""
        working = asyncio.ensure_future(work(term))
        renewing = asyncio.create_task(self._keep(term), name=f"renew {self._name}")
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await self._stop(working)
            await self._release(term)
        if working.cancelled():
            return False
        if (error := working.exception()) is not None:
            _logger.error("the work of %s failed", self._name, exc_info=error)
        return error is None

    async def _stop(self, working: asyncio.Future[None]) -> None:
        """Cancelled, and awaited: nothing of it goes on while another leads."""
        working.cancel()
        _, pending = await asyncio.wait({working}, timeout=self._times.duration - self._times.deadline)
        if pending:
            _logger.critical("the work of %s does not stop, and another may lead by now", self._name)
            await asyncio.wait(pending)

    async def _keep(self, term: Term) -> None:
        """Renew until that fails for too long, or another holds the Lease."""
        while term.left > 0:
            await asyncio.sleep(min(self._times.retry, term.left))
            try:
                async with asyncio.timeout(max(term.left, 0)):
                    await self._renew(term)
            except (LeadershipLost, NotThere):
                term.end()
            except _TROUBLES as error:
                _logger.info("the Lease %s was not renewed: %s", self._name, str(error) or type(error).__name__)
        _logger.warning("%s leads %s no more", self._identity, self._name)

    async def _renew(self, term: Term) -> None:
        began = self._clock()
        try:
            await self._write(renewTime=_micro_time())
        except MoorageError:
            # Refused as outdated, or answered too late: it may be this very write that changed it.
            self._observe(await self._connection.get_object(self._path()))
            if self._lease["spec"].get("holderIdentity") != self._identity:
                raise LeadershipLost(f"{self._lease['spec'].get('holderIdentity')} leads {self._name}.") from None
            raise
        term.extend(began + self._times.deadline)

    async def _release(self, term: Term) -> None:
        """Let the next one begin at once; where that cannot be said, it begins when the Lease has run out."""
        if term.left <= 0:
            return
        term.end()
        try:
            async with asyncio.timeout(self._times.retry):
                await self._write(renewTime=_micro_time(), holderIdentity="", leaseDurationSeconds=1)
        except _TROUBLES as error:
            _logger.info("the Lease %s was not given back: %s", self._name, str(error) or type(error).__name__)

    async def _write(self, **changes: object) -> None:
        """Only where nobody else has written since: the resourceVersion says so."""
        spec = {**self._lease["spec"], "leaseDurationSeconds": ceil(self._times.duration), **changes}
        body = {**self._lease, "spec": spec}
        written, _ = await self._connection.write("PUT", self._path(), body)
        self._observe(written)

    def _path(self) -> str:
        return path(Kind.LEASE, self._namespace, self._name)


def _micro_time() -> str:
    """`metav1.MicroTime`, for people: nobody computes with it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
