"""From where apps can be reached on this installation, and the refusal of what is not offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import InvalidInput, NameTaken
from api.manifests.exposures.hosts import other_slugs
from api.manifests.exposures.profiles import ExposureProfile, Exposures
from api.manifests.models import ExposureMode, WorkloadSpec
from api.workloads.prerequisites import Prerequisites

INSIDE = "Other apps of its namespace."
"""Who can reach an app that is not exposed."""


@dataclass(frozen=True, slots=True)
class ExposureOffer:
    """One mode, as a form shows it: `reason` says why it is not offered, None where it is; `unchecked` what of it
    Moorage could not look up, None where it could, or there is nothing to be looked up."""

    mode: ExposureMode
    reachable_by: str
    reason: str | None
    unchecked: str | None = None


class ExposureOffers:
    """What the settings offer, as far as the cluster can do it. The form and the rules ask the same."""

    def __init__(self, exposures: Exposures, cluster: Cluster, prerequisites: Prerequisites) -> None:
        self._exposures = exposures
        self._cluster = cluster
        self._prerequisites = prerequisites

    def all(self) -> tuple[ExposureOffer, ...]:
        """Every mode, the most careful first."""
        return tuple(self._offer(mode) for mode in ExposureMode)

    def profile(self, mode: ExposureMode) -> ExposureProfile | None:
        """How apps of a mode are reached; None for those that are not exposed, or cannot be any more."""
        found = self._found(mode)
        return found if isinstance(found, ExposureProfile) else None

    def refusal(self, mode: ExposureMode) -> str | None:
        """Why a mode is not offered, and which setting would; None where it is."""
        found = self._found(mode)
        return found if isinstance(found, str) else None

    def refused(self, spec: WorkloadSpec) -> list[InvalidInput]:
        """The failure of a spec that asks anew for what is not offered."""
        reason = self._reason(spec.exposure)
        return [InvalidInput(reason, path=("exposure",), example=ExposureMode.NONE.name)] if reason is not None else []

    def demand(self, spec: WorkloadSpec) -> Mapping[str, float]:
        """What exposing an app takes of its namespace's quota."""
        profile = self.profile(spec.exposure)
        return profile.demand if profile is not None else {}

    def require_own_host(self, spec: WorkloadSpec, slug: str) -> None:
        """NameTaken where the name of the app could be that of another namespace's app, to the last letter.

        For that, two namespaces have to have drawn the same suffix, one in 2^30; then neither gets the name.
        """
        if self.profile(spec.exposure) is None:
            return
        if any(self._cluster.store.namespace(other) is not None for other in other_slugs(spec.name, slug)):
            message = "This name, with its namespace's, could be that of an app in another namespace. Choose another."
            raise NameTaken(message, path=("name",))

    def _offer(self, mode: ExposureMode) -> ExposureOffer:
        profile = self.profile(mode)
        reachable_by = profile.reachable_by if profile is not None else INSIDE
        return ExposureOffer(mode, reachable_by, self._reason(mode), self._prerequisites.of(mode).unchecked)

    def _reason(self, mode: ExposureMode) -> str | None:
        """Beside what is not offered at all: for want of what the settings name. An app that is exposed already stays
        so, as that may be there again in a moment."""
        return self.refusal(mode) or self._prerequisites.of(mode).missing

    def _found(self, mode: ExposureMode) -> ExposureProfile | str | None:
        found = self._exposures.of(mode)
        if isinstance(found, ExposureProfile) and self._cluster.lacks(found.carrier.kind):
            return _not_served(found.carrier.kind, found.setting)
        return found


def _not_served(kind: Kind, setting: str) -> str:
    return f"The cluster serves no {kind.kind}: install the CRDs of the Gateway API, or set {setting}=ingress."
