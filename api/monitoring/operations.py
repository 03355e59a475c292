"""GraphQL operations by name: how long they take, how they fail, what they cost, and how far behind streams are.

Names come from clients, and each makes a dozen series: the known ones and the first hundred others have series of their
own, all further ones share `other`. No name is taken of a stranger, nor one that looks like a secret.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic, perf_counter, time_ns
from types import TracebackType

from prometheus_client import Counter, Gauge

from api.errors import MoorageError
from api.monitoring.calls import GIVEN_UP, SECONDS, code_of
from api.monitoring.histograms import Series
from api.monitoring.instruments import Instruments
from api.monitoring.redaction import redacted
from api.monitoring.tracing import ActiveSpan, Tracing

ANONYMOUS = "anonymous"
OTHER = "other"
INVALID = "invalid"
"""Instead of name and type, where the document was refused."""
MOST_NAMES = 100
LONGEST_NAME = 64
_POINTS = (1, 10, 50, 100, 500, 1000, 5000)
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class OperationNames:
    """Which names have series of their own."""

    def __init__(self, known: Collection[str] = (), *, most: int = MOST_NAMES) -> None:
        self._known = frozenset(known)
        self._others: set[str] = set()
        self._most = most

    def bounded(self, name: str | None, *, signed_in: bool) -> str:
        """The name as it is counted."""
        if name is None:
            return ANONYMOUS
        if name in self._known or name in self._others:
            return name
        if not signed_in or len(self._others) >= self._most or len(name) > LONGEST_NAME or redacted(name) != name:
            return OTHER
        self._others.add(name)
        return name


class Operations:
    """Takes down operations, streams and connections; an `Observer` of the graph."""

    def __init__(self, instruments: Instruments, tracing: Tracing, known: Collection[str] = ()) -> None:
        prefix = "moorage_graphql"
        self.names = OperationNames(known)
        self.tracing = tracing
        self._duration = instruments.histogram(
            f"{prefix}_operation_duration_seconds",
            "Time from an operation's text to its reply; of a subscription until it is subscribed.",
            ("operation", "type"),
            buckets=SECONDS,
        )
        self._errors = instruments.counter(
            f"{prefix}_errors_total", "Errors in replies, by `extensions.code`.", ("operation", "code")
        )
        self._cost = instruments.histogram(
            f"{prefix}_operation_cost_points", "Points that operations were charged.", ("operation",), buckets=_POINTS
        )
        self._subscriptions = instruments.gauge(
            f"{prefix}_active_subscriptions", "Subscriptions that are being served.", ("operation", "transport")
        )
        self._connections = instruments.gauge(
            f"{prefix}_open_connections", "Open connections that carry many operations.", ("transport",)
        )
        self._lag = instruments.histogram(
            f"{prefix}_stream_lag_seconds",
            "Time from the arrival of a watch event to its message being handed to the socket.",
            ("transport",),
            buckets=_LAG_SECONDS,
        )
        self._durations: dict[tuple[str, str], Series] = {}
        self._error_counts: dict[tuple[str, str], Counter] = {}
        self._costs: dict[str, Series] = {}

    def operation(self, *, request_id: str, signed_in: bool) -> OperationRecord:
        """One operation, for the length of a `with` block."""
        return OperationRecord(self, request_id, signed_in)

    @contextmanager
    def connection(self, transport: str) -> Iterator[None]:
        """One that is open meanwhile."""
        with self._connections.labels(transport).track_inprogress():
            yield

    def subscriptions(self, name: str, transport: str) -> Gauge:
        return self._subscriptions.labels(name, transport)

    def lag(self, transport: str) -> Series:
        return self._lag.labels(transport)

    def took(self, name: str, kind: str, seconds: float) -> None:
        duration = self._durations.get((name, kind))
        if duration is None:
            duration = self._durations[name, kind] = self._duration.labels(name, kind)
        duration.observe(seconds)

    def cost(self, name: str, points: float) -> None:
        cost = self._costs.get(name)
        if cost is None:
            cost = self._costs[name] = self._cost.labels(name)
        cost.observe(points)

    def failed(self, name: str, code: str) -> None:
        errors = self._error_counts.get((name, code))
        if errors is None:
            errors = self._error_counts[name, code] = self._errors.labels(name, code)
        errors.inc()


class OperationRecord:
    """One operation, from its text to its reply; a subscription for as long as it is served."""

    __slots__ = (
        "_began",
        "_began_at",
        "_code",
        "_lag",
        "_operations",
        "_over",
        "_request_id",
        "_served",
        "_signed_in",
        "_span",
        "kind",
        "name",
    )

    def __init__(self, operations: Operations, request_id: str, signed_in: bool) -> None:
        self._operations = operations
        self._request_id = request_id
        self._signed_in = signed_in
        self._span: ActiveSpan | None = None
        self._code: str | None = None
        self._served: Gauge | None = None
        self._lag: Series | None = None
        self._over = False
        self.name = INVALID
        self.kind = INVALID

    def __enter__(self) -> OperationRecord:
        self._began = perf_counter()
        self._began_at = time_ns() if self._operations.tracing.is_on else None
        return self

    def named(self, kind: str, name: str | None) -> None:
        """What it turned out to be; `name` as its document has it."""
        self.kind = kind
        self.name = self._operations.names.bounded(name, signed_in=self._signed_in)
        if self._began_at is not None:
            attributes = {
                "graphql.operation.type": kind,
                "graphql.operation.name": self.name,
                "moorage.request_id": self._request_id,
            }
            self._span = self._operations.tracing.serve(kind, attributes, began=self._began_at)

    def charged(self, points: float) -> None:
        """What it costs."""
        self._operations.cost(self.name, points)

    def failed(self, codes: Iterable[str]) -> None:
        """Errors that its reply carries."""
        for code in codes:
            self._code = code
            self._operations.failed(self.name, code)

    def subscribed(self, transport: str) -> None:
        """It is served from now on."""
        self.replied()
        self._lag = self._operations.lag(transport)
        self._served = self._operations.subscriptions(self.name, transport)
        self._served.inc()

    def sent(self, changed_at: float | None) -> None:
        """A message was handed to the socket; `changed_at` is when, by `time.monotonic`, its news arrived."""
        if changed_at is not None and self._lag is not None:
            self._lag.observe(monotonic() - changed_at)

    def replied(self) -> None:
        """Its time is over. To be told by whoever began it, as it ends the span too."""
        if self._over:
            return
        self._over = True
        self._operations.took(self.name, self.kind, perf_counter() - self._began)
        self._end(self._code)

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._served is not None:
            self._served.dec()
        if self._over:
            return
        if error_type is not None and code_of(error_type) == GIVEN_UP:
            self._end(GIVEN_UP)  # how long somebody waited who went away says nothing of us
            return
        if error_type is not None:
            self.failed((MoorageError.code,))
        self.replied()

    def _end(self, code: str | None) -> None:
        if self._span is not None:
            self._span.end(code)
