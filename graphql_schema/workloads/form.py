"""What the form needs: the sizes, and the server's own rules to check while one types."""

from __future__ import annotations

import strawberry

from api.manifests import models
from api.manifests.kinds import KindProfile
from api.workloads import offers
from graphql_schema.enums import ExposureMode, WorkloadKind, WorkloadSize
from graphql_schema.errors import camel_case
from graphql_schema.workloads.containers import Resources


@strawberry.type(description="What a size means for each replica.")
class SizePreset:
    size: WorkloadSize = strawberry.field(description="The size.")
    resources: Resources = strawberry.field(description="CPU and memory.")

    @classmethod
    def from_model(cls, preset: models.SizePreset) -> SizePreset:
        return cls(size=preset.size, resources=Resources.from_model(preset.resources))


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
    at_most: str | None = strawberry.field(
        description="The field beside it, by its last step, that its number must not exceed."
    )
    max_items: int | None = strawberry.field(description="The most items of a list.")
    not_below: str | None = strawberry.field(
        description="The path of another number of the input, than which this one is no less."
    )
    unique_among: list[str] = strawberry.field(
        description="The fields, this one among them, whose values are all different; empty: there are none."
    )

    @classmethod
    def from_model(cls, rule: models.FieldRule) -> FieldRule:
        return cls(
            field=_spelled(rule.field),
            message=rule.message,
            example=rule.example,
            required=rule.required,
            pattern=rule.pattern,
            max_length=rule.max_length,
            minimum=rule.minimum,
            maximum=rule.maximum,
            at_most=camel_case(rule.at_most) if rule.at_most else None,
            max_items=rule.max_items,
            not_below=_spelled(rule.not_below) if rule.not_below is not None else None,
            unique_among=[_spelled(each) for each in rule.unique_among],
        )


def _spelled(path: str) -> str:
    return ".".join(camel_case(step) for step in path.split("."))


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
    unchecked: str | None = strawberry.field(
        description="What it needs of the cluster and Moorage may not look up, so that it is offered on trust; null: "
        "nothing."
    )

    @classmethod
    def from_model(cls, offer: offers.ExposureOffer) -> ExposureOffer:
        return cls(mode=offer.mode, reachable_by=offer.reachable_by, reason=offer.reason, unchecked=offer.unchecked)


@strawberry.type(description="What the form of an app needs.")
class WorkloadForm:
    kinds: list[KindForm] = strawberry.field(description="The kinds of app, the usual ones first.")
    sizes: list[SizePreset] = strawberry.field(description="The sizes, smallest first.")
    exposures: list[ExposureOffer] = strawberry.field(
        description="From where apps can be reached, the most careful first; those that are not offered say why."
    )
    rules: list[FieldRule] = strawberry.field(description="The rules that the server itself checks by.")
