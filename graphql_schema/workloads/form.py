"""What the form needs: the sizes, and the server's own rules to check while one types."""

from __future__ import annotations

import strawberry

from api.manifests import models
from api.manifests.kinds import KindProfile
from api.workloads import offers
from graphql_schema.enums import ExposureMode, WorkloadKind, WorkloadSize
from graphql_schema.errors import camel_case
from graphql_schema.scalars import BigInt


@strawberry.type(description="What a size means for each replica.")
class SizePreset:
    size: WorkloadSize = strawberry.field(description="The size.")
    cpu_request: float = strawberry.field(description="CPU set aside, in cores.")
    cpu_limit: float = strawberry.field(description="CPU it may use, in cores.")
    memory_request: BigInt = strawberry.field(description="Memory set aside, in bytes.")
    memory_limit: BigInt = strawberry.field(description="Memory it may use, in bytes.")

    @classmethod
    def from_model(cls, preset: models.SizePreset) -> SizePreset:
        return cls(
            size=preset.size,
            cpu_request=preset.cpu_request,
            cpu_limit=preset.cpu_limit,
            memory_request=BigInt(preset.memory_request),
            memory_limit=BigInt(preset.memory_limit),
        )


@strawberry.type(description="One rule of one input field, in a form that a client can check while one types.")
class FieldRule:
    field: str = strawberry.field(
        description="A path of WorkloadInput with * for list positions, in GraphQL's spelling: environment.*.name."
    )
    message: str = strawberry.field(description="What to say where the rule is broken.")
    example: str = strawberry.field(description="A value that keeps it.")
    required: bool = strawberry.field(description="Whether the field must be filled.")
    pattern: str | None = strawberry.field(
        description="A regular expression that the whole value must match; read alike by JavaScript and Python."
    )
    max_length: int | None = strawberry.field(description="The most characters.")
    minimum: int | None = strawberry.field(description="The least number.")
    maximum: int | None = strawberry.field(description="The greatest number.")
    max_items: int | None = strawberry.field(description="The most items of a list.")

    @classmethod
    def from_model(cls, rule: models.FieldRule) -> FieldRule:
        return cls(
            field=".".join(camel_case(step) for step in rule.field.split(".")),
            message=rule.message,
            example=rule.example,
            required=rule.required,
            pattern=rule.pattern,
            max_length=rule.max_length,
            minimum=rule.minimum,
            maximum=rule.maximum,
            max_items=rule.max_items,
        )


@strawberry.type(description="A kind of app, and the fields that it has beside those that every app has.")
class KindForm:
    kind: WorkloadKind = strawberry.field(description="The kind.")
    name: str = strawberry.field(description="What people call it.")
    controller: str = strawberry.field(
        description="The kind of object that runs it: an app can become another kind of the same one, and no other."
    )
    fields: list[str] = strawberry.field(description="Fields of WorkloadInput that not every kind has.")

    @classmethod
    def from_model(cls, profile: KindProfile) -> KindForm:
        return cls(
            kind=profile.kind,
            name=profile.noun,
            controller=profile.controller,
            fields=sorted(camel_case(field) for field in profile.fields),
        )


@strawberry.type(description="From where an app can be reached on this installation.")
class ExposureOffer:
    mode: ExposureMode = strawberry.field(description="The mode.")
    reachable_by: str = strawberry.field(description="Who could reach an app, in a sentence.")
    reason: str | None = strawberry.field(
        description="Why it is not offered, and which setting would; null where it is offered."
    )

    @classmethod
    def from_model(cls, offer: offers.ExposureOffer) -> ExposureOffer:
        return cls(mode=offer.mode, reachable_by=offer.reachable_by, reason=offer.reason)


@strawberry.type(description="What the form of an app needs.")
class WorkloadForm:
    kinds: list[KindForm] = strawberry.field(description="The kinds of app, the usual ones first.")
    sizes: list[SizePreset] = strawberry.field(description="The sizes, smallest first.")
    exposures: list[ExposureOffer] = strawberry.field(
        description="From where apps can be reached, the most careful first; those that are not offered say why."
    )
    rules: list[FieldRule] = strawberry.field(description="The rules that the server itself checks by.")
