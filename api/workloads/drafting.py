"""Working out what a description would become: its objects, what the cluster says of them, and the quota after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import UUID

from api.clusters.cluster import Cluster
from api.clusters.objects import workload_id
from api.errors import FieldPath, InvalidInputs, QuotaExceeded, SuggestedFix
from api.manifests.builder import build
from api.manifests.claims import claims_of
from api.manifests.exposures.profiles import ExposureProfile
from api.manifests.fingerprints import Identity, managed
from api.manifests.forecast import forecast, settled_replicas
from api.manifests.kinds import has
from api.manifests.models import FieldChange, QuotaForecast, WorkloadKind, WorkloadSpec
from api.manifests.secrets import secrets_of, without_values
from api.manifests.sizes import size_field
from api.manifests.validation import validate
from api.namespaces.models import Namespace
from api.namespaces.quota import described, quantity_of, quota_usage
from api.workloads import specs
from api.workloads.applying import Applier, Object, require_gone, without_exposing
from api.workloads.models import VolumeClaim
from api.workloads.offers import ExposureOffers
from api.workloads.preflight import Preflight, Verdict
from api.workloads.records import WorkloadRecord
from api.workloads.refusals import about_fields_of
from api.workloads.remedies import Remedy, remedy_of, smaller, way_out
from api.workloads.scaling import replicas_of
from api.workloads.spec_changes import spec_changes
from api.workloads.volumes import claim_of

Total = tuple[QuotaForecast, float]
"""One resource, and what the namespace would come to of it."""

_REPLICAS_TO_SPARE = 2
"""With fewer, replacing pods in place leaves none to serve for a while: nothing to be offered."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A description that is worked out, and not deployed.

    `base` is the workload that it would change, None for a new one; `spec` has its secrets by name, `secret_values`
    their values; `keeps_template` says that no pod would have to be replaced; `exposure` is how it is reached from
    outside, None where it is not, and `base_exposure` how its base is.
    """

    namespace: Namespace
    workload_id: UUID
    base: WorkloadRecord | None
    spec: WorkloadSpec
    secret_values: Mapping[str, str]
    changes: tuple[FieldChange, ...]
    keeps_template: bool
    exposure: ExposureProfile | None = None
    base_exposure: ExposureProfile | None = None

    @property
    def next_revision(self) -> int:
        """The number that it has as a revision: it is recorded as that, or not at all."""
        return self.base.latest_revision + 1 if self.base else 1

    @property
    def replaces_in_place(self) -> bool:
        """Whether each new pod takes the room of an old one."""
        in_place = not self.spec.surge or self.spec.kind is WorkloadKind.STATEFUL_SERVICE
        return self.base is not None and self.base.spec.least_replicas > 0 and in_place

    @property
    def applies_controller(self) -> bool:
        """Whether what makes its pods is there by its name, as far as is recorded, and applied as it is built: with an
        autoscaler the number of pods depends on what runs, and each revision of a job has a Job of its own."""
        is_there = self.base is not None and self.base.revision is not None and self.spec.kind is not WorkloadKind.JOB
        return is_there and self.spec.autoscaling is None

    def concerned(self, live: Sequence[Object]) -> list[Object]:
        """What of `live` it is about. What exposes the app stays as it is where that is not changed, and not offered
        just now: a setting, or a CRD, is not there, which is no reason to cut the app off."""
        if self.exposure is not None or self.base is None or self.spec.exposure is not self.base.spec.exposure:
            return list(live)
        return without_exposing(live, self.base.spec)

    @property
    def template_revision(self) -> int:
        """The revision that its pods carry."""
        return self.base.template_revision if self.base and self.keeps_template else self.next_revision

    def base_manifests(self) -> list[Object]:
        """The objects of `base`, for the fields that they set: its secrets' values are left out. None for a new app."""
        if self.base is None:
            return []
        return build(
            self.base.spec,
            namespace=self.namespace.slug,
            workload_id=self.workload_id,
            revision=self.base.revision or 1,
            template_revision=self.base.template_revision,
            secret_values={each.name: "" for each in secrets_of(self.base.spec)},
            exposure=self.base_exposure,
        )

    def manifests(self) -> list[Object]:
        """The objects that it asks for."""
        return build(
            self.spec,
            namespace=self.namespace.slug,
            workload_id=self.workload_id,
            revision=self.next_revision,
            template_revision=self.template_revision,
            secret_values=self.secret_values,
            exposure=self.exposure,
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the cluster says of a draft. `live` is what runs now, `manifests` what would; `ours` the paths of the fields
    that are set by either, by object."""

    live: Sequence[Object]
    manifests: Sequence[Object]
    ours: Mapping[Identity, frozenset[str]]
    verdict: Verdict
    quota: tuple[QuotaForecast, ...]
    disks: Sequence[VolumeClaim]
    """Those that its pods would get, and that another app has left."""


class Drafter:
    """Makes drafts, and has the cluster judge them."""

    def __init__(self, cluster: Cluster, applier: Applier, offers: ExposureOffers) -> None:
        self._cluster = cluster
        self._offers = offers
        self._applier = applier
        self._preflight = Preflight(cluster)

    def draft(
        self,
        namespace: Namespace,
        spec: WorkloadSpec,
        *,
        workload_id: UUID,
        base: WorkloadRecord | None,
        kept: Mapping[str, str],
        restarts: bool = False,
    ) -> Draft:
        """A draft of `spec`; secrets without a value keep the one in `kept`, which are those of `base`.

        Raises InvalidInputs with every broken rule at once, paths as in the spec.
        """
        broken = [*validate(spec), *specs.missing_values(spec, kept)]
        if base is None or base.spec.exposure is not spec.exposure:
            broken += self._offers.refused(spec)
        if base is not None:
            broken += specs.unchangeable(base.spec, spec)
        if broken:
            raise InvalidInputs(broken)
        values = specs.secret_values(spec, kept)
        has_same_template = base is not None and specs.same_template(base.spec, spec) and values == kept
        return Draft(
            namespace=namespace,
            workload_id=workload_id,
            base=base,
            spec=without_values(spec),
            secret_values=values,
            changes=spec_changes(base.spec if base else None, spec, old_secrets=kept, new_secrets=values),
            keeps_template=has_same_template and not restarts,
            exposure=self._offers.profile(spec.exposure),
            base_exposure=self._offers.profile(base.spec.exposure) if base is not None else None,
        )

    async def assess(self, draft: Draft) -> Assessment:
        """What the cluster says of `draft`; raises its refusals, and QuotaExceeded where it would not fit."""
        manifests = draft.manifests()
        begun = self._preflight.ahead(
            manifests[-1],
            needs_new_pods=not draft.keeps_template,
            in_place=draft.replaces_in_place,
            is_there=draft.applies_controller,
        )
        async with begun as ahead:
            ours = managed([*draft.base_manifests(), *manifests]) if draft.base is not None else {}
            live = draft.concerned(await self._applier.live_of(draft.namespace.slug, draft.base))
            running = replicas_of(live)
            quota = self._forecast(draft, running)
            fix = self._in_place_fix(draft, running)
            _require_fitting(draft, quota, fix, replicas=_path_of_replicas(draft, running))
            require_gone(manifests, live)
            self._offers.require_own_host(draft.spec, draft.namespace.slug)
            with about_fields_of(draft.spec):
                verdict = await self._preflight.run(manifests, live, ahead)
        return Assessment(
            live=live, manifests=manifests, ours=ours, verdict=verdict, quota=quota, disks=self.left_disks(draft)
        )

    def left_disks(self, draft: Draft) -> list[VolumeClaim]:
        """The disks of a deleted app that it would take over, and has not yet."""
        has = claims_of(draft.base.spec, draft.base.spec.most_replicas) if draft.base is not None else {}
        names = claims_of(draft.spec, draft.spec.most_replicas).keys() - has.keys()
        claims = self._cluster.store.claims(draft.namespace.slug) if names else []
        others = (each for each in claims if workload_id(each) != draft.workload_id)
        return [claim_of(each) for each in others if each.metadata.name in names]

    def _forecast(self, draft: Draft, running: int | None) -> tuple[QuotaForecast, ...]:
        store, slug = self._cluster.store, draft.namespace.slug
        usage = quota_usage(store.resource_quotas(slug))
        claims = store.claims(slug) if draft.spec.volumes else []
        return forecast(
            usage,
            draft.base.spec if draft.base else None,
            draft.spec,
            surges=not draft.keeps_template,
            running=running,
            exposing=self._offers.demand,
            claimed={each.metadata.name for each in claims},
        )

    def _in_place_fix(self, draft: Draft, running: int | None) -> SuggestedFix | None:
        """Replacing pods without one more; None where that would not fit either, or would leave no pod to serve."""
        if not has(draft.spec.kind, "surge"):
            return None
        in_place = replace(draft, spec=replace(draft.spec, surge=False))
        fits = all(each.fits for each in self._forecast(in_place, running))
        if draft.spec.least_replicas < _REPLICAS_TO_SPARE or not fits:
            return None
        return SuggestedFix(path=("workload", "surge"), value="false", label="Stop a pod before its successor starts")


def _path_of_replicas(draft: Draft, running: int | None) -> FieldPath:
    """The field that says how many pods there would be: with autoscaling, the bound that holds them there."""
    if draft.spec.autoscaling is None:
        return ("replicas",)
    settled = settled_replicas(draft.base.spec if draft.base else None, draft.spec, running)
    return ("autoscaling", "min_replicas" if settled == draft.spec.least_replicas else "max_replicas")


def _require_fitting(
    draft: Draft, quota: Sequence[QuotaForecast], in_place: SuggestedFix | None, *, replicas: FieldPath
) -> None:
    """QuotaExceeded for what would not fit: once settled, or while pods are replaced; InvalidInputs where several
    fields ask for too much.

    The second, because a rolling update that keeps every replica up starts a new pod before it stops an old one:
    without room for one more it never moves; `in_place` is the way around that. `replicas` is the field that says how
    many pods there would be.
    """
    spec = draft.spec
    if settled := [(each, each.after) for each in quota if each.hard < each.after > each.used]:
        _refuse("The app does not fit the namespace's quota", settled, spec, replicas=replicas)
    peaks = [(each, each.peak) for each in quota if each.hard < each.peak > max(each.after, each.used)]
    if peaks and spec.kind.runs_to_an_end:
        _refuse("A run of it does not fit the namespace's quota", peaks, spec)
    if peaks:
        reason = "There is no room for the one more pod that replacing pods takes"
        is_number = peaks[0][0].resource == "pods"
        actions = ("scale down by one first", *(() if is_number else (smaller(spec),)))
        remedy = Remedy(replicas if is_number else (size_field(spec),), way_out(*actions))
        raise _exceeded(peaks, reason, remedy, fix=in_place)


def _refuse(reason: str, totals: Sequence[Total], spec: WorkloadSpec, *, replicas: FieldPath | None = None) -> NoReturn:
    """Raises a failure for each field that asks for too much."""
    short: dict[FieldPath, list[Total]] = {}
    for each in totals:
        short.setdefault(remedy_of(spec, each[0].resource, replicas=replicas).path, []).append(each)
    failures = [
        _exceeded(some, reason, remedy_of(spec, some[0][0].resource, replicas=replicas)) for some in short.values()
    ]
    raise failures[0] if len(failures) == 1 else InvalidInputs(failures)


def _exceeded(
    totals: Sequence[Total], reason: str, remedy: Remedy, *, fix: SuggestedFix | None = None
) -> QuotaExceeded:
    """The message names every resource that is short, with the namespace's total; the fields tell of the first."""
    short = ", ".join(described(each.resource, total, each.hard) for each, total in totals)
    first, total = totals[0]
    used, requested, limit = (
        quantity_of(first.resource, amount) for amount in (first.used, total - first.used, first.hard)
    )
    return QuotaExceeded(
        f"{reason}. The namespace would come to {short}. {remedy.way_out}",
        resource=first.resource,
        used=used,
        requested=requested,
        limit=limit,
        path=remedy.path,
        fix=fix,
    )
