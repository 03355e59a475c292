"""Plans: what a deploy would do, worked out by the API server itself and bound to what runs now."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.manifests import models as manifests
from api.manifests.redaction import to_yaml
from api.workloads import models
from graphql_schema.enums import ChangeAction, FindingSeverity, MetricUnit
from graphql_schema.errors import SuggestedFix, graphql_path
from graphql_schema.metrics.types import unit_of
from graphql_schema.nodes import encode_id
from graphql_schema.scalars import YAML
from graphql_schema.workloads.changes import FieldChange, ObjectDiff


@strawberry.type(description="One object as YAML, secret values redacted.")
class Manifest:
    kind: str = strawberry.field(description="The object's kind.")
    name: str = strawberry.field(description="The object's name.")
    model: strawberry.Private[manifests.Manifest]

    @strawberry.field(description="The object as YAML.")
    def yaml(self) -> YAML:
        return YAML(to_yaml(self.model.object))  # not before it is asked for: it takes longer than all else of a plan

    @classmethod
    def from_model(cls, manifest: manifests.Manifest) -> Manifest:
        return cls(kind=manifest.kind, name=manifest.name, model=manifest)


@strawberry.type(description="One resource of the namespace's quota if the plan were deployed.")
class QuotaForecast:
    resource: str = strawberry.field(description="The resource, as in `requests.cpu`.")
    unit: MetricUnit = strawberry.field(description="The unit of the values.")
    used: float = strawberry.field(description="What is in use now.")
    after: float = strawberry.field(description="What would be in use once settled.")
    peak: float = strawberry.field(description="What would be in use while old and new pods overlap.")
    most: float = strawberry.field(
        description="What it may come to where autoscaling has asked for all that it may; else `after`."
    )
    hard: float = strawberry.field(description="What may be used.")
    fits: bool = strawberry.field(description="Whether the peak fits.")

    @classmethod
    def from_model(cls, forecast: manifests.QuotaForecast) -> QuotaForecast:
        return cls(
            resource=forecast.resource,
            unit=unit_of(forecast.resource),
            used=forecast.used,
            after=forecast.after,
            peak=forecast.peak,
            most=forecast.most,
            hard=forecast.hard,
            fits=forecast.fits,
        )


@strawberry.type(description="What the cluster's policy says of a plan.")
class PolicyFinding:
    severity: FindingSeverity = strawberry.field(description="What it means for a deploy.")
    message: str = strawberry.field(description="What the policy says, and the way out.")
    path: list[str] = strawberry.field(description="The input field it is about, below `input`.")
    fix: SuggestedFix | None = strawberry.field(description="A change of the input that would mend it, if any.")

    @classmethod
    def from_model(cls, finding: models.PolicyFinding) -> PolicyFinding:
        return cls(
            severity=finding.severity,
            message=finding.message,
            path=graphql_path(finding.path),
            fix=SuggestedFix.from_model(finding.fix) if finding.fix else None,
        )


@strawberry.type(description="What a deploy would do. Give its id to `deployWorkload`.")
class WorkloadPlan:
    id: strawberry.ID = strawberry.field(description="The plan's id; it serves one deploy.")
    action: ChangeAction = strawberry.field(description="What would happen to the app.")
    expires_at: datetime = strawberry.field(description="Until when it can be deployed.")
    manifests: list[Manifest] = strawberry.field(description="The objects that would be applied.")
    diff: list[ObjectDiff] = strawberry.field(description="The difference to what runs now.")
    quota: list[QuotaForecast] = strawberry.field(description="The namespace's quota if it were deployed.")
    findings: list[PolicyFinding] = strawberry.field(description="What the cluster's policy says of it.")
    changes: list[FieldChange] = strawberry.field(
        description="The difference of the app's description to the revision `baseRevision`, in the form's fields; a "
        "secret whose value differs is told by its name."
    )
    base_revision: int | None = strawberry.field(
        description="The current revision, which it was made for; null for a new app."
    )
    source_revision: int | None = strawberry.field(
        description="The revision that it takes up again; null where it was made by `planWorkload`."
    )

    @classmethod
    def from_model(cls, plan: models.Plan) -> WorkloadPlan:
        return cls(
            id=encode_id("WorkloadPlan", plan.id),
            action=plan.action,
            expires_at=plan.expires_at,
            manifests=[Manifest.from_model(manifest) for manifest in plan.manifests],
            diff=[ObjectDiff.from_model(diff) for diff in plan.diff],
            quota=[QuotaForecast.from_model(forecast) for forecast in plan.quota],
            findings=[PolicyFinding.from_model(finding) for finding in plan.findings],
            changes=[FieldChange.from_spec(change) for change in plan.changes],
            base_revision=plan.base_revision,
            source_revision=plan.source_revision,
        )
