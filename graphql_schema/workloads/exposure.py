"""From where an app is reached."""

from __future__ import annotations

import strawberry

from api.workloads import models
from graphql_schema.enums import ExposureMode, ExposureReason, ExposureState


@strawberry.type(description="From where an app is reached, and how far the path to it is.")
class Exposure:
    mode: ExposureMode = strawberry.field(description="What its current revision asks for.")
    state: ExposureState = strawberry.field(description="How far the path from outside is.")
    reason: ExposureReason | None = strawberry.field(
        description="Why it is in that state; null: there is no more to it."
    )
    message: str = strawberry.field(description="The state in a sentence for its developer.")
    address: str | None = strawberry.field(
        description="`host` or `host:port` for those who are let in, where the state is UNKNOWN the last that was "
        "told; null: none, or only its operator will know."
    )
    url: str | None = strawberry.field(
        description="What a browser opens there; null: there is no address, or the app may speak anything."
    )
    reachable_by: str = strawberry.field(description="Who can reach it, in a sentence.")
    port_answers: bool | None = strawberry.field(
        description="Whether its port answers, as the readiness checks inside the cluster see it: nobody tries from "
        "outside. False: no pod is ready. Null: it listens on no port, is checked by a command, or the cluster cannot "
        "be asked."
    )
    is_demo: bool = strawberry.field(description="Whether the address is made up, as the cluster is a demo.")

    @classmethod
    def from_model(cls, exposure: models.Exposure) -> Exposure:
        return cls(
            mode=exposure.mode,
            state=exposure.state,
            reason=exposure.reason,
            message=exposure.message,
            address=exposure.address,
            url=exposure.url,
            reachable_by=exposure.reachable_by,
            port_answers=exposure.port_answers,
            is_demo=exposure.is_demo,
        )
