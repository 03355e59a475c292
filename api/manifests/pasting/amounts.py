"""What a container of Kubernetes asks for, and may use, of CPU and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.manifests.models import Resources, WorkloadSize
from api.manifests.pasting.gathering import NO_FIELD, cores, thousandths, whole_mebibytes
from api.manifests.sizes import PRESETS

_NO_LIMIT = "It has no limit, which the namespace's quota asks for: twice as much as it asks for is taken."


@dataclass(slots=True)
class Amounts:
    """A size that is just as much, else resources of its own; neither where nothing is said. `left_out`: name → why."""

    size: WorkloadSize | None = None
    resources: Resources | None = None
    left_out: dict[str, str] = field(default_factory=dict)


def read(asked: Mapping[str, Any]) -> Amounts:
    """What `resources` of a container says. What has a limit alone asks for as much, as Kubernetes has it; of what is
    not spoken of, the smallest size is taken."""
    found = Amounts()
    requests, limits = _amounts(asked, "requests", found), _amounts(asked, "limits", found)
    for name in sorted(requests.keys() - limits.keys()):
        limits[name] = 2 * requests[name]
        found.left_out[f"limits.{name}"] = _NO_LIMIT
    if not limits:
        return found
    requests = {**limits, **requests}
    least = PRESETS[0].resources
    exact = Resources(
        cpu_request_millicores=thousandths(requests["cpu"]) if "cpu" in requests else least.cpu_request_millicores,
        cpu_limit_millicores=thousandths(limits["cpu"]) if "cpu" in limits else least.cpu_limit_millicores,
        memory_request_mib=whole_mebibytes(requests["memory"]) if "memory" in requests else least.memory_request_mib,
        memory_limit_mib=whole_mebibytes(limits["memory"]) if "memory" in limits else least.memory_limit_mib,
    )
    found.size = next((each.size for each in PRESETS if each.resources == exact), None)
    found.resources = exact if found.size is None else None
    return found


def _amounts(asked: Mapping[str, Any], which: str, found: Amounts) -> dict[str, float]:
    """The cores and bytes of `requests` or `limits`."""
    given = asked.get(which)
    amounts: dict[str, float] = {}
    for name, text in given.items() if isinstance(given, dict) else ():
        amount = cores(str(text)) if name in ("cpu", "memory") else None
        if amount is not None:
            amounts[str(name)] = amount
        else:
            known = name in ("cpu", "memory")
            found.left_out[f"{which}.{name}"] = "It is no quantity." if known else NO_FIELD
    return amounts
