"""Who is told how operations fare. `api.app` passes one in; the graph knows nothing of metrics and traces."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol


class Observation(Protocol):
    """What is taken down of one operation, from its text to its reply, or to its being subscribed."""

    def named(self, kind: str, name: str | None) -> None:
        """What it turned out to be. `name` is what its document says, which is valid."""

    def charged(self, points: float) -> None:
        """What it costs."""

    def failed(self, codes: Iterable[str]) -> None:
        """The codes of the errors in a reply."""

    def subscribed(self, transport: str) -> None:
        """It is a subscription, and is served from now on."""

    def replied(self) -> None:
        """Its reply is there; whatever comes after is not counted as its time."""

    def sent(self, changed_at: float | None) -> None:
        """A message was handed to the socket; its news arrived at `changed_at`, by `time.monotonic`. None: it tells of
        no change that arrived."""


class Observer(Protocol):
    """Everything it is told takes microseconds, and never fails."""

    def operation(self, *, request_id: str, signed_in: bool) -> AbstractContextManager[Observation]:
        """An operation is executed, or served, for as long as the block lasts."""

    def connection(self, transport: str) -> AbstractContextManager[None]:
        """A connection is open meanwhile."""


class Unobserved:
    """An operation at which nobody looks."""

    def named(self, kind: str, name: str | None) -> None:
        pass

    def charged(self, points: float) -> None:
        pass

    def failed(self, codes: Iterable[str]) -> None:
        pass

    def subscribed(self, transport: str) -> None:
        pass

    def replied(self) -> None:
        pass

    def sent(self, changed_at: float | None) -> None:
        pass
