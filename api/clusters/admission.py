"""What admission refuses, by the texts that it refuses with: quota, Pod Security, limits, webhooks and policies.

The texts are those of plugin/pkg/admission and of apiserver/pkg/admission in Kubernetes.
"""

from __future__ import annotations

import re

from api.errors import PolicyViolation, QuotaExceeded

POD_SECURITY = "Pod Security"
LIMIT_RANGE = "LimitRange"

_OVER_QUOTA = "exceeded quota"
_QUOTA = re.compile(
    r"exceeded quota: [^,]+, requested: (?P<requested>.+), used: (?P<used>.+), limited: (?P<limited>.+)$"
)
_PASSING = (
    'Operation cannot be fulfilled on resourcequotas "',
    "status unknown for quota: ",
    "error looking up service account ",
)
"""Many are counted at once; or a controller has not come to a new namespace yet."""
_FAILED_QUOTA = re.compile(r"failed quota: (?P<quota>[^:]+): (?P<rest>must specify .+)$")
_POD_SECURITY = re.compile(r'violates? PodSecurity "(?P<level>[^"]+)": (?P<violations>.+)$')
_BETWEEN_VIOLATIONS = re.compile(r",\s+(?![^(]*\))")
_LIMIT = re.compile(r"(?:maximum|minimum) \S+ usage per|max limit to request ratio per")
_BETWEEN_LIMITS = re.compile(r",\s+(?=maximum |minimum |\S+ max limit)")
_DENIED = re.compile(
    r"(?:admission webhook \"(?P<webhook>[^\"]+)\"|ValidatingAdmissionPolicy '(?P<policy>[^']+)' with binding '[^']+')"
    r" denied (?:the )?request(?:: (?P<said>.+)| without explanation)?",
    re.DOTALL,
)


def admission_refusal(message: str) -> PolicyViolation | QuotaExceeded | None:
    """The refusal that `message` words; None where admission has not refused it."""
    readers = (_denial, quota_refusal, _pod_security, _limits, _unlimited)
    return next((refusal for read in readers if (refusal := read(message)) is not None), None)


def quota_refusal(message: str) -> QuotaExceeded | None:
    """The refusal that the quota's admission words, wherever it is quoted; None for any other text."""
    return _quota(message) if is_of_quota(message) else None


def is_of_quota(message: str) -> bool:
    """Whether something does not fit a quota, also where the rest of the text cannot be read."""
    return _OVER_QUOTA in message


def is_passing(message: str) -> bool:
    """Whether admission only cannot decide yet, so that asking again may do; what it refuses is another matter."""
    return any(sign in message for sign in _PASSING)


def pod_security_violations(text: str) -> tuple[str, ...]:
    """What Pod Security objects to, in a refusal or in a warning; empty for any other text."""
    match = _POD_SECURITY.search(text)
    return tuple(_BETWEEN_VIOLATIONS.split(match["violations"])) if match else ()


def _quota(message: str) -> QuotaExceeded | None:
    """The first resource that does not fit: `requested: cpu=1,pods=1, used: cpu=4,pods=3, limited: cpu=4,pods=30`."""
    match = _QUOTA.search(message)
    if match is None:
        return None
    requested, used, limited = (_amounts(match[name]) for name in ("requested", "used", "limited"))
    resource = next(iter(requested))
    return QuotaExceeded(
        f"It does not fit the namespace's quota of {resource}: {requested[resource]} more is asked for, "
        f"{used.get(resource, '?')} of {limited.get(resource, '?')} is used.",
        resource=resource,
        used=used.get(resource, ""),
        requested=requested[resource],
        limit=limited.get(resource, ""),
    )


def _amounts(text: str) -> dict[str, str]:
    return {name: amount for name, _, amount in (part.partition("=") for part in text.split(","))}


def _pod_security(message: str) -> PolicyViolation | None:
    violations = pod_security_violations(message)
    if not violations:
        return None
    told = f"The namespace's policy (Pod Security) refuses it: {'; '.join(violations)}."
    return PolicyViolation(told, policy=POD_SECURITY, violations=violations)


def _limits(message: str) -> PolicyViolation | None:
    """By a LimitRange: one text, or several in brackets."""
    if not _LIMIT.search(message):
        return None
    said = message.partition("is forbidden: ")[2] or message
    violations = tuple(_BETWEEN_LIMITS.split(said.removeprefix("[").removesuffix("]")))
    told = f"The namespace's limits (LimitRange) refuse it: {'; '.join(violations)}."
    return PolicyViolation(told, policy=LIMIT_RANGE, violations=violations)


def _unlimited(message: str) -> PolicyViolation | None:
    """By a quota of something that an app cannot ask for."""
    match = _FAILED_QUOTA.search(message)
    if match is None:
        return None
    told = f"The namespace's quota {match['quota']} wants what an app does not say: it {match['rest']}."
    return PolicyViolation(told, policy=match["quota"], violations=(match["rest"],))


def _denial(message: str) -> PolicyViolation | None:
    """By a policy of the cluster's administrators, which is named: only they know what it is for."""
    match = _DENIED.search(message)
    if match is None:
        return None
    policy = match["webhook"] or match["policy"]
    said = (match["said"] or "it gives no reason").strip()
    told = f"The policy {policy} of the cluster refuses it: {said.rstrip('.')}. Its administrators can say more."
    return PolicyViolation(told, policy=policy, violations=(said,))
