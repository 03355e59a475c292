"""Why an app is not up: a union, a member for each cause, all of them with what every diagnosis has."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.workloads.diagnosis import models
from graphql_schema.enums import EvidenceSource, ImagePullCause, ProbeName
from graphql_schema.errors import SuggestedFix
from graphql_schema.scalars import Bytes, Quantity, quantity

_LAST_LINES = "The end of the log of the run that ended, oldest line first; null where it cannot be read."
_RESTARTS = "How often its container was started again."


@strawberry.type(description="What a diagnosis was concluded from, in Kubernetes' own words.")
class Evidence:
    source: EvidenceSource = strawberry.field(description="Where it was read.")
    kind: str = strawberry.field(description="The kind of the object that it is about, as in `Pod`.")
    name: str = strawberry.field(description="The name of that object.")
    reason: str = strawberry.field(description="What happened, in one word.")
    message: str = strawberry.field(description="What happened, in a sentence; empty where none was given.")
    at: datetime | None = strawberry.field(description="When that was; null: it is not said.")

    @classmethod
    def from_model(cls, evidence: models.Evidence) -> Evidence:
        return cls(
            source=evidence.source,
            kind=evidence.kind,
            name=evidence.name,
            reason=evidence.reason,
            message=evidence.message,
            at=evidence.at,
        )


@strawberry.interface(description="What every diagnosis has.")
class DiagnosisDetails:
    message: str = strawberry.field(description="What is wrong, and the way out.")
    pods: list[str] = strawberry.field(description="The pods that it keeps from running; empty: none could be made.")
    evidence: list[Evidence] = strawberry.field(description="What it was concluded from.")
    fix: SuggestedFix | None = strawberry.field(
        description="A change of `planWorkload`'s input that would mend it; null where a person has to choose."
    )
    rollback_revision: int | None = strawberry.field(
        description="The earlier revision that serves meanwhile, for `planRollback`; null: none does."
    )


@strawberry.type(description="The image cannot be pulled.")
class ImagePullFailure(DiagnosisDetails):
    image: str = strawberry.field(description="The image's reference.")
    cause: ImagePullCause = strawberry.field(description="Why it cannot be pulled.")


@strawberry.type(description="No node of the cluster takes the pods.")
class Unschedulable(DiagnosisDetails):
    pass


@strawberry.type(description="The namespace's quota has no room for the pods.")
class QuotaExhausted(DiagnosisDetails):
    resource: str = strawberry.field(description="The quota's resource, as in `requests.cpu`; empty: not said.")
    requested: Quantity | None = strawberry.field(description="What a pod asks for; null: it is not said.")
    used: Quantity | None = strawberry.field(description="What is in use; null: it is not said.")
    limit: Quantity | None = strawberry.field(description="What the namespace may use; null: it is not said.")


@strawberry.type(description="Pod Security or another policy of the cluster refuses the pods, or their user.")
class PolicyRefusal(DiagnosisDetails):
    pass


@strawberry.type(description="The app ends again and again.")
class CrashLoop(DiagnosisDetails):
    exit_code: int | None = strawberry.field(description="What its latest run ended with; null: unknown.")
    restarts: int = strawberry.field(description=_RESTARTS)
    last_lines: list[str] | None = strawberry.field(description=_LAST_LINES)


@strawberry.type(description="The app needs more memory than its size allows, and is ended for it.")
class OutOfMemory(DiagnosisDetails):
    memory_limit: Bytes = strawberry.field(description="What its size allows.")
    restarts: int = strawberry.field(description=_RESTARTS)
    last_lines: list[str] | None = strawberry.field(description=_LAST_LINES)


@strawberry.type(description="The app runs, and fails a check.")
class ProbeFailure(DiagnosisDetails):
    probe: ProbeName = strawberry.field(description="The check that fails.")


@strawberry.type(description="The app runs, and nothing listens on the port that it is said to listen on.")
class PortMismatch(DiagnosisDetails):
    port: int = strawberry.field(description="The port on which nothing listens.")


@strawberry.type(description="A Secret, ConfigMap or volume that the pods need is absent.")
class MissingReference(DiagnosisDetails):
    reference: str = strawberry.field(description="What is absent, as in `Secret web`.")


@strawberry.type(description="The container cannot be created, or its command not be run.")
class StartFailure(DiagnosisDetails):
    reason: str = strawberry.field(description="Why, in the kubelet's own word.")


@strawberry.type(description="The rollout passed its deadline, and nothing else says why.")
class RolloutOverdue(DiagnosisDetails):
    pass


@strawberry.type(description="A run of a job was stopped at its time limit.")
class TimeLimitExceeded(DiagnosisDetails):
    seconds: int = strawberry.field(description="The time limit, in seconds.")


Diagnosis = Annotated[
    ImagePullFailure
    | Unschedulable
    | QuotaExhausted
    | PolicyRefusal
    | CrashLoop
    | OutOfMemory
    | ProbeFailure
    | PortMismatch
    | MissingReference
    | StartFailure
    | RolloutOverdue
    | TimeLimitExceeded,
    strawberry.union(
        "Diagnosis",
        description="Why an app is not up. Each member is a `DiagnosisDetails`: ask for that, and for what its cause "
        "alone has.",
    ),
]


def diagnosis_of(found: models.Diagnosis) -> Diagnosis:
    """The member of the union that has the model's name, and its fields by theirs."""
    details: dict[str, Any] = {
        **{field.name: getattr(found, field.name) for field in fields(found)},
        "pods": list(found.pods),
        "evidence": [Evidence.from_model(each) for each in found.evidence],
        "fix": SuggestedFix.from_model(found.fix) if found.fix is not None else None,
    }
    if isinstance(found, models.QuotaExhausted):
        details |= {name: quantity(details[name]) for name in ("requested", "used", "limit")}
    member: Diagnosis = _MEMBERS[type(found)](**details)
    return member


_MEMBERS: dict[type[models.Found], Any] = {
    models.ImagePullFailure: ImagePullFailure,
    models.Unschedulable: Unschedulable,
    models.QuotaExhausted: QuotaExhausted,
    models.PolicyRefusal: PolicyRefusal,
    models.CrashLoop: CrashLoop,
    models.OutOfMemory: OutOfMemory,
    models.ProbeFailure: ProbeFailure,
    models.PortMismatch: PortMismatch,
    models.MissingReference: MissingReference,
    models.StartFailure: StartFailure,
    models.RolloutOverdue: RolloutOverdue,
    models.TimeLimitExceeded: TimeLimitExceeded,
}
