"""Pod Security Standards.

Source: k8s.io/pod-security-admission/policy, whose wording the messages follow. Checks that hold for Windows,
SELinux, AppArmor, procMount and sysctls are left out: nothing here writes those fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from .objects import Obj, labels_of

PREFIX = "pod-security.kubernetes.io/"
MODES = frozenset({f"{PREFIX}{mode}" for mode in ("enforce", "warn", "audit")})
PRIVILEGED, BASELINE, RESTRICTED = LEVELS = ("privileged", "baseline", "restricted")

_DEFAULT_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_ALLOWED_VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
)
_SECCOMP = frozenset({"RuntimeDefault", "Localhost"})


class Violation(NamedTuple):
    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.detail})" if self.detail else self.reason


Check: TypeAlias = Callable[[Obj], Violation | None]


def level(namespace: Obj, mode: str) -> tuple[str, str]:
    """The level and version that `namespace` asks for in `mode` (enforce, warn, audit)."""
    labels = labels_of(namespace)
    return labels.get(PREFIX + mode, PRIVILEGED), labels.get(f"{PREFIX}{mode}-version", "latest")


def violations(spec: Obj, level_: str) -> list[Violation]:
    """How a pod spec breaks the standard `level_`, in the order in which Kubernetes lists it."""
    return [violation for check in _CHECKS.get(level_, ()) if (violation := check(spec)) is not None]


def describe(found: Sequence[Violation], level_: str, version: str) -> str:
    """`PodSecurity "restricted:latest": …`, which follows "violates" or "would violate"."""
    return f'PodSecurity "{level_}:{version}": ' + ", ".join(str(violation) for violation in found)


def warnings(namespace: str, pods: Iterable[tuple[str, Obj]], level_: str, version: str) -> Iterator[str]:
    """What is said when `namespace` asks for a level that pods (name, spec) in it already break."""
    offenders: dict[str, list[str]] = {}
    for name, spec in pods:
        if found := violations(spec, level_):
            offenders.setdefault(", ".join(each.reason for each in found), []).append(name)
    if offenders:
        stated = f'violate the new PodSecurity enforce level "{level_}:{version}"'
        yield f'existing pods in namespace "{namespace}" {stated}'
    for reasons, names in offenders.items():
        yield f"{_first_of(names)}: {reasons}"


def _first_of(names: Sequence[str]) -> str:
    others = len(names) - 1
    return f"{min(names)} (and {others} other pod{'' if others == 1 else 's'})" if others else names[0]


def _containers(spec: Obj) -> Iterator[tuple[str, Obj, Obj]]:
    """Name, container and its security context."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(kind) or ():
            yield container["name"], container, container.get("securityContext") or {}


def _quoted(names: Sequence[Any]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _plural(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'' if len(names) == 1 else 's'} {_quoted(names)}"


def _host_namespaces(spec: Obj) -> Violation | None:
    used = [f"{field}=true" for field in ("hostNetwork", "hostPID", "hostIPC") if spec.get(field)]
    return Violation("host namespaces", ", ".join(used)) if used else None


def _privileged(spec: Obj) -> Violation | None:
    names = [name for name, _, security in _containers(spec) if security.get("privileged")]
    return (
        Violation("privileged", f"{_plural('container', names)} must not set securityContext.privileged=true")
        if names
        else None
    )


def _added(spec: Obj, allowed: frozenset[str]) -> str:
    """What is said of capabilities that are added beyond `allowed`; empty when there are none."""
    names, capabilities = [], set()
    for name, _, security in _containers(spec):
        beyond = set((security.get("capabilities") or {}).get("add") or ()) - allowed
        if beyond:
            names.append(name)
            capabilities |= beyond
    if not names:
        return ""
    listed = _quoted(sorted(capabilities))
    return f"{_plural('container', names)} must not include {listed} in securityContext.capabilities.add"


def _capabilities_baseline(spec: Obj) -> Violation | None:
    detail = _added(spec, _DEFAULT_CAPABILITIES)
    return Violation("non-default capabilities", detail) if detail else None


def _capabilities_restricted(spec: Obj) -> Violation | None:
    keeping = [
        name
        for name, _, security in _containers(spec)
        if "ALL" not in ((security.get("capabilities") or {}).get("drop") or ())
    ]
    details = [f'{_plural("container", keeping)} must set securityContext.capabilities.drop=["ALL"]'] if keeping else []
    if adding := _added(spec, frozenset({"NET_BIND_SERVICE"})):
        details.append(adding)
    return Violation("unrestricted capabilities", "; ".join(details)) if details else None


def _host_path_volumes(spec: Obj) -> Violation | None:
    names = [volume["name"] for volume in spec.get("volumes") or () if volume.get("hostPath") is not None]
    return Violation("hostPath volumes", _plural("volume", names)) if names else None


def _restricted_volumes(spec: Obj) -> Violation | None:
    names, kinds = [], set()
    for volume in spec.get("volumes") or ():
        refused = volume.keys() - {"name"} - _ALLOWED_VOLUMES
        if refused:
            names.append(volume["name"])
            kinds |= refused
    if not names:
        return None
    verb = "uses" if len(names) == 1 else "use"
    return Violation(
        "restricted volume types",
        f"{_plural('volume', names)} {verb} {_plural('restricted volume type', sorted(kinds))}",
    )


def _host_ports(spec: Obj) -> Violation | None:
    names, ports = [], set()
    for name, container, _ in _containers(spec):
        used = {port["hostPort"] for port in container.get("ports") or () if port.get("hostPort")}
        if used:
            names.append(name)
            ports |= used
    if not names:
        return None
    verb = "uses" if len(names) == 1 else "use"
    listed = ", ".join(str(port) for port in sorted(ports))
    return Violation(
        "hostPort", f"{_plural('container', names)} {verb} hostPort{'' if len(ports) == 1 else 's'} {listed}"
    )


def _seccomp_type(security: Obj) -> str | None:
    profile: str | None = (security.get("seccompProfile") or {}).get("type")
    return profile


def _seccomp_baseline(spec: Obj) -> Violation | None:
    setters = _unconfined(spec, frozenset({"Unconfined"}))
    if not setters:
        return None
    return Violation("seccompProfile", f'{setters} must not set securityContext.seccompProfile.type to "Unconfined"')


def _unconfined(spec: Obj, refused: frozenset[str]) -> str:
    names = [name for name, _, security in _containers(spec) if _seccomp_type(security) in refused]
    pod = _seccomp_type(spec.get("securityContext") or {}) in refused
    return " and ".join([*(["pod"] if pod else []), *([_plural("container", names)] if names else [])])


def _seccomp_restricted(spec: Obj) -> Violation | None:
    if (violation := _seccomp_baseline(spec)) is not None:
        return violation
    if _seccomp_type(spec.get("securityContext") or {}) in _SECCOMP:
        return None
    unset = [name for name, _, security in _containers(spec) if _seccomp_type(security) not in _SECCOMP]
    if not unset:
        return None
    wanted = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    return Violation("seccompProfile", f"pod or {_plural('container', unset)} {wanted}")


def _privilege_escalation(spec: Obj) -> Violation | None:
    names = [name for name, _, security in _containers(spec) if security.get("allowPrivilegeEscalation") is not False]
    if not names:
        return None
    detail = f"{_plural('container', names)} must set securityContext.allowPrivilegeEscalation=false"
    return Violation("allowPrivilegeEscalation != false", detail)


def _run_as_non_root(spec: Obj) -> Violation | None:
    pod = (spec.get("securityContext") or {}).get("runAsNonRoot")
    explicit = [name for name, _, security in _containers(spec) if security.get("runAsNonRoot") is False]
    implicit = [name for name, _, security in _containers(spec) if security.get("runAsNonRoot") is None]
    reason, field = "runAsNonRoot != true", "securityContext.runAsNonRoot"
    refusing = [*(["pod"] if pod is False else []), *([_plural("container", explicit)] if explicit else [])]
    if refusing and (explicit or implicit):
        return Violation(reason, f"{' and '.join(refusing)} must not set {field}=false")
    if implicit and pod is None:
        return Violation(reason, f"pod or {_plural('container', implicit)} must set {field}=true")
    return None


def _run_as_user(spec: Obj) -> Violation | None:
    names = [name for name, _, security in _containers(spec) if security.get("runAsUser") == 0]
    pod = (spec.get("securityContext") or {}).get("runAsUser") == 0
    setters = [*(["pod"] if pod else []), *([_plural("container", names)] if names else [])]
    return Violation("runAsUser=0", f"{' and '.join(setters)} must not set runAsUser=0") if setters else None


_BASELINE: tuple[Check, ...] = (
    _capabilities_baseline,
    _host_namespaces,
    _host_path_volumes,
    _host_ports,
    _privileged,
    _seccomp_baseline,
)
_RESTRICTED: tuple[Check, ...] = (
    _host_namespaces,
    _host_ports,
    _privileged,
    _privilege_escalation,
    _capabilities_restricted,
    _restricted_volumes,
    _run_as_non_root,
    _run_as_user,
    _seccomp_restricted,
)
_CHECKS: Mapping[str, tuple[Check, ...]] = {BASELINE: _BASELINE, RESTRICTED: _RESTRICTED}
