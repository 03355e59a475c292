"""Refusals of admission are known by their texts, as the API server of Kubernetes 1.37 writes them."""

from __future__ import annotations

import pytest

from api.clusters.admission import admission_refusal, pod_security_violations
from api.errors import PolicyViolation, QuotaExceeded

POD_SECURITY = (
    'pods "web-plan" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true), '
    'allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), '
    'unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"], or less), '
    'runAsUser=0 (container "app" must not set runAsUser=0)'
)
LIMITS = (
    'pods "web-plan" is forbidden: [maximum cpu usage per Container is 100m, but limit is 250m, maximum memory usage '
    "per Container is 64Mi, but limit is 256Mi, cpu max limit to request ratio per Container is 1, but provided ratio "
    "is 2.000000]"
)


def violation(message: str) -> PolicyViolation:
    refusal = admission_refusal(message)
    assert isinstance(refusal, PolicyViolation)
    return refusal


def test_pod_security_objects_to_each_thing_by_itself() -> None:
    refusal = violation(POD_SECURITY)

    assert "Pod Security" == refusal.policy
    assert ["host namespaces", "allowPrivilegeEscalation != false", "unrestricted capabilities", "runAsUser=0"] == [
        each.partition(" (")[0] for each in refusal.violations
    ]


def test_a_warning_of_pod_security_is_read_alike() -> None:
    warning = 'would violate PodSecurity "restricted:latest": runAsUser=0 (container "app" must not set runAsUser=0)'

    assert ('runAsUser=0 (container "app" must not set runAsUser=0)',) == pod_security_violations(warning)


def test_limits_are_told_one_by_one() -> None:
    refusal = violation(LIMITS)

    assert "LimitRange" == refusal.policy
    assert (
        "maximum cpu usage per Container is 100m, but limit is 250m",
        "maximum memory usage per Container is 64Mi, but limit is 256Mi",
        "cpu max limit to request ratio per Container is 1, but provided ratio is 2.000000",
    ) == refusal.violations


@pytest.mark.parametrize(
    ("message", "policy", "said"),
    [
        (
            'admission webhook "hook.example.com" denied the request: no images of Docker Hub, exceeded quota: of fun',
            "hook.example.com",
            "no images of Docker Hub, exceeded quota: of fun",
        ),
        (
            'admission webhook "hook.example.com" denied the request without explanation',
            "hook.example.com",
            "no reason",
        ),
        (
            "ValidatingAdmissionPolicy 'no-latest.example.com' with binding 'b' denied request: no latest, please",
            "no-latest.example.com",
            "no latest, please",
        ),
        (
            'pods "web" is forbidden: failed quota: disk: must specify limits.ephemeral-storage for: app',
            "disk",
            "must specify limits.ephemeral-storage for: app",
        ),
    ],
)
def test_a_policy_of_the_administrators_is_named_with_what_it_says(message: str, policy: str, said: str) -> None:
    refusal = violation(message)

    assert policy == refusal.policy
    assert policy in refusal.message
    assert said in refusal.message


def test_a_quota_tells_what_is_short() -> None:
    refusal = admission_refusal(
        'services "web" is forbidden: exceeded quota: q, requested: count/services=1, used: count/services=2, '
        "limited: count/services=2"
    )

    assert isinstance(refusal, QuotaExceeded)
    assert ("count/services", "1", "2", "2") == (refusal.resource, refusal.requested, refusal.used, refusal.limit)


def test_any_other_text_is_none_of_admissions() -> None:
    assert admission_refusal('deployments.apps "web" already exists') is None
