"""Which apps of a namespace a list shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from api.clusters.selectors import InvalidSelector, LabelTest, parse_selector
from api.database.pages import Order
from api.database.searching import check_text
from api.errors import InvalidInput
from api.manifests.builder import labels_of
from api.manifests.models import WorkloadKind
from api.workloads.models import WorkloadPhase
from api.workloads.records import WorkloadRecord

MOST_SCANNED = 1_000
"""Apps of a namespace that are looked at one by one for what only the cluster knows."""
_MOST_SELECTOR = 1_000
_SELECTOR = ("filter", "label_selector")


class WorkloadOrderField(StrEnum):
    """By what a list of apps is sorted."""

    NAME = "name"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


BY_NAME = Order(WorkloadOrderField.NAME)


@dataclass(frozen=True, slots=True)
class WorkloadFilter:
    """What an app has to be to be shown; what is empty asks for nothing. `label_selector` is of its objects' labels."""

    phases: frozenset[WorkloadPhase] = frozenset()
    kinds: frozenset[WorkloadKind] = frozenset()
    label_selector: str = ""
    text: str = ""

    def check(self) -> None:
        """Raises InvalidInput on the path of what cannot be asked for."""
        check_text(self.text)
        self._requirements()

    @property
    def is_of_rows(self) -> bool:
        """Whether PostgreSQL alone can tell which apps are shown."""
        return not self.phases and not self.label_selector

    def admission(self, phase: Callable[[WorkloadRecord], WorkloadPhase]) -> Callable[[WorkloadRecord], bool]:
        """Whether an app is shown for what PostgreSQL cannot tell of it; `phase` is its phase in the cluster."""
        requirements = self._requirements()

        def admits(record: WorkloadRecord) -> bool:
            labels = labels_of(record.name, record.id)
            return all(meets(labels) for meets in requirements) and (not self.phases or phase(record) in self.phases)

        return admits

    def _requirements(self) -> tuple[LabelTest, ...]:
        if len(self.label_selector) > _MOST_SELECTOR:
            raise InvalidInput(f"A label selector has {_MOST_SELECTOR} characters at most.", path=_SELECTOR)
        try:
            return parse_selector(self.label_selector)
        except InvalidSelector as error:
            example = "app.kubernetes.io/name in (web, api)"
            raise InvalidInput(f"This is no label selector: {error}.", path=_SELECTOR, example=example) from error


EVERY_WORKLOAD = WorkloadFilter()
