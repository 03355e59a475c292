"""Reviews: objects that are answered and not kept. Whoever bears the token may do everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .objects import Obj

USER = "moorage:embedded"
_GROUPS = ["system:masters", "system:authenticated"]

Review: TypeAlias = Callable[[Obj], Obj]


def review_at(path: str) -> Review | None:
    """The review that is created by a POST to `path`."""
    return _REVIEWS.get(path)


def _access(review: Obj) -> Obj:
    return {**review, "status": {"allowed": True}}


def _rules(review: Obj) -> Obj:
    everything: Obj = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
    nowhere: Obj = {"verbs": ["*"], "nonResourceURLs": ["*"]}
    status = {"resourceRules": [everything], "nonResourceRules": [nowhere], "incomplete": False}
    return {**review, "status": status}


def _self(review: Obj) -> Obj:
    return {**review, "status": {"userInfo": {"username": USER, "groups": _GROUPS}}}


_REVIEWS: Mapping[str, Review] = {
    "/apis/authentication.k8s.io/v1/selfsubjectreviews": _self,
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": _access,
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": _rules,
    "/apis/authorization.k8s.io/v1/subjectaccessreviews": _access,
}
