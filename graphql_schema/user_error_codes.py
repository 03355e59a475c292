"""The kinds of expected failure: a closed list, one for each type that implements `UserError`."""

from __future__ import annotations

from enum import Enum

import strawberry


@strawberry.enum(description="The kinds of expected failure, one for each type that implements `UserError`.")
class UserErrorCode(Enum):
    INVALID_INPUT = strawberry.enum_value("invalid_input", description="A value breaks a rule.")
    NAME_TAKEN = strawberry.enum_value("name_taken", description="The name is in use already.")
    NOT_FOUND = strawberry.enum_value("not_found", description="What the input names is absent, or not the viewer's.")
    IN_USE = strawberry.enum_value("in_use", description="Somebody has a use for what is to be deleted.")
    QUOTA_EXCEEDED = strawberry.enum_value("quota_exceeded", description="It does not fit what may be used.")
    POLICY_VIOLATION = strawberry.enum_value("policy_violation", description="The cluster's policy refuses it.")
    PLAN_CONFLICT = strawberry.enum_value("plan_conflict", description="What the plan was made for has changed.")
    PLAN_EXPIRED = strawberry.enum_value("plan_expired", description="The plan is too old, used, or never was.")
    IDEMPOTENCY_CONFLICT = strawberry.enum_value(
        "idempotency_conflict", description="The idempotency key stands for another request."
    )
    NAMESPACE_TERMINATING = strawberry.enum_value(
        "namespace_terminating", description="The namespace is being deleted."
    )
    CLUSTER_REFUSED = strawberry.enum_value("cluster_refused", description="The cluster refused it by itself.")
