"""From where an app is reached, and how far that is: read off the object that exposes it. Pure, but for the time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.clusters import objects
from api.clusters.objects import Kind
from api.manifests.exposures.objects import planned_host
from api.manifests.exposures.profiles import Carrier, ExposureProfile, Readiness
from api.manifests.models import WorkloadKind, WorkloadSpec
from api.workloads.models import Exposure, ExposureReason, ExposureState
from api.workloads.observation import Observation
from api.workloads.offers import INSIDE
from api.workloads.pods import is_ready

PATIENCE = timedelta(minutes=2)
"""An operator that is there says something well within this."""
TELLING = (Kind.SERVICE, Kind.INGRESS, Kind.HTTP_ROUTE, Kind.CERTIFICATE)
"""The kinds that the path is read off."""
_HTTP = 80
_NONE = "It is not exposed outside of its namespace."
_ROUTE_NEEDS = ("Accepted", "ResolvedRefs")


@dataclass(frozen=True, slots=True)
class Exposed:
    """What is known of the path to an app at one moment.

    `profile` is how its mode is carried on this installation, `refusal` why it is not; `carriers` are the Services,
    Ingresses and routes of the app; `certificates` None where the cluster knows of none; `applying` says that the
    revision which asks for it is still being applied; `unreachable` says why the cluster tells nothing new just now;
    of the kinds that are `denied` Moorage may read none there, whatever there is.
    """

    spec: WorkloadSpec
    slug: str
    profile: ExposureProfile | None
    refusal: str | None
    carriers: Sequence[objects.Watched]
    certificates: Sequence[objects.Certificate] | None
    pods: Sequence[objects.Pod]
    applying: bool
    now: datetime
    unreachable: str | None = None
    denied: Collection[Kind] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """The path itself, whatever is at its end."""

    state: ExposureState
    reason: ExposureReason | None
    message: str
    host: str | None = None


def exposure_of(exposed: Exposed) -> Exposure:
    """The exposure of an app."""
    profile, spec = exposed.profile, exposed.spec
    found = _path(exposed) if exposed.unreachable is None else _unasked(exposed, exposed.unreachable)
    host = found.host or (planned_host(spec, profile, exposed.slug) if profile is not None else None)
    answers = _answers(spec, exposed.pods) if exposed.unreachable is None else None
    if found.state is ExposureState.READY and answers is False:
        message = f"{found.message} No pod of the app answers on port {spec.port}."
        found = _Found(found.state, ExposureReason.PORT_SILENT, message)
    is_demo = profile is not None and profile.is_demo
    return Exposure(
        mode=spec.exposure,
        state=found.state,
        reason=found.reason,
        message=f"{found.message} This cluster is a demo: nothing answers there." if is_demo else found.message,
        address=_address(spec, profile, host) if profile is not None and host is not None else None,
        url=_url(spec, profile, host) if profile is not None and host is not None else None,
        reachable_by=profile.reachable_by if profile is not None else INSIDE,
        port_answers=answers,
        is_demo=is_demo,
    )


def unexposed(observation: Observation) -> Exposure:
    """The exposure of an app that asks for none, and has none any more: what is observed of the app alone tells it."""
    return Exposure(
        mode=observation.spec.exposure,
        state=ExposureState.NONE,
        reason=None,
        message=_NONE,
        address=None,
        url=None,
        reachable_by=INSIDE,
        port_answers=_answers(observation.spec, observation.pods) if observation.unreachable is None else None,
        is_demo=False,
    )


def _unasked(exposed: Exposed, unreachable: str) -> _Found:
    """What was last seen may be over by now: of that the address alone is kept, for those who try it all the same.

    What is asked for, and what the installation offers, is known without the cluster.
    """
    last = _path(exposed)
    if last.state is ExposureState.NONE or last.reason is ExposureReason.NOT_OFFERED:
        return last
    message = f"The cluster cannot be asked just now, so that nobody knows how far the way to the app is. {unreachable}"
    return _Found(ExposureState.UNKNOWN, ExposureReason.UNREACHABLE, message, last.host)


def _path(exposed: Exposed) -> _Found:
    if exposed.refusal is not None:
        return _Found(ExposureState.FAILED, ExposureReason.NOT_OFFERED, exposed.refusal)
    if exposed.profile is None:
        return _unexposed(exposed)
    if exposed.profile.carrier.kind in exposed.denied:
        return _unreadable("How far the way to the app is", exposed.profile.carrier.kind)
    carrier = _carrier(exposed, exposed.profile)
    if carrier is None or carrier.metadata.deletion_timestamp is not None:
        return _absent(exposed)
    return _taken_up(exposed, exposed.profile, carrier)


def _unexposed(exposed: Exposed) -> _Found:
    leaving = next((each for each in exposed.carriers if each.metadata.deletion_timestamp is not None), None)
    if leaving is None:
        return _Found(ExposureState.NONE, None, _NONE)
    message = f"It is asked for no longer. {leaving.metadata.name} stays until its operator has cleaned up."
    return _Found(ExposureState.REMOVING, ExposureReason.BEING_REMOVED, message)


def _absent(exposed: Exposed) -> _Found:
    if exposed.applying:
        return _Found(ExposureState.PENDING, ExposureReason.APPLYING, "It is being applied.")
    message = "What exposes the app is absent from the cluster. Deploy the app again to bring it back."
    return _Found(ExposureState.FAILED, ExposureReason.MISSING, message)


def _carrier(exposed: Exposed, profile: ExposureProfile) -> objects.Watched | None:
    name, struct = profile.object_name(exposed.spec.name), _STRUCTS[profile.carrier]
    return next((each for each in exposed.carriers if isinstance(each, struct) and each.metadata.name == name), None)


_STRUCTS: Mapping[Carrier, type[objects.Watched]] = {
    Carrier.LOAD_BALANCER: objects.Service,
    Carrier.SERVICE: objects.Service,
    Carrier.INGRESS: objects.Ingress,
    Carrier.HTTP_ROUTE: objects.HTTPRoute,
}


def _taken_up(exposed: Exposed, profile: ExposureProfile, carrier: objects.Watched) -> _Found:
    """What the operator says of the object that it is to act on."""
    if profile.readiness is Readiness.FINALIZER:
        if not any(each.startswith(profile.finalizer) for each in carrier.metadata.finalizers):
            return _awaited(exposed, profile, carrier)
        return _Found(ExposureState.READY, None, f"{_subject(profile)} has taken it up, and says no more.")
    if isinstance(carrier, objects.HTTPRoute):
        return _routed(exposed, profile, carrier)
    if isinstance(carrier, objects.Exposing):
        return _balanced(exposed, profile, carrier)
    raise TypeError(f"{type(carrier).__name__} does not say how it is taken up")


def _balanced(exposed: Exposed, profile: ExposureProfile, carrier: objects.Exposing) -> _Found:
    """By `status.loadBalancer`, and the condition by which an operator says why that is empty."""
    reported = next((each for each in carrier.status.conditions if each.type == profile.condition), None)
    given = next((each.hostname or each.ip for each in carrier.status.load_balancer.ingress), None)
    if reported is not None and reported.status == "False":
        is_final = reported.reason.endswith(("Failed", "Invalid"))
        state = ExposureState.FAILED if is_final else ExposureState.PENDING
        return _Found(state, ExposureReason.OPERATOR_REPORTS, f"{_subject(profile)} says: {reported.message}.")
    if given is None:
        return _awaited(exposed, profile, carrier)
    if profile.issuer is not None and (missing := _uncertified(exposed, profile, carrier)) is not None:
        return missing
    host = given if profile.readiness is Readiness.ADDRESS else None
    return _Found(ExposureState.READY, None, "The way to the app is open.", host)


def _routed(exposed: Exposed, profile: ExposureProfile, route: objects.HTTPRoute) -> _Found:
    """By what the Gateway's controller says of the route as it is: https://gateway-api.sigs.k8s.io/reference/spec/."""
    conditions = _conditions(profile, route)
    refused = next((each for each in conditions if each.type in _ROUTE_NEEDS and each.status == "False"), None)
    if refused is not None:
        message = f"The Gateway does not take the route ({refused.reason}): {refused.message.rstrip('.')}."
        return _Found(ExposureState.FAILED, ExposureReason.ROUTE_REFUSED, message)
    if not {each.type for each in conditions if each.status == "True"}.issuperset(_ROUTE_NEEDS):
        return _awaited(exposed, profile, route)
    return _Found(ExposureState.READY, None, "The way to the app is open.")


def _conditions(profile: ExposureProfile, route: objects.HTTPRoute) -> list[objects.RouteCondition]:
    """Those that its Gateway has of the latest edit, or of no edit by name: of an earlier one they say nothing."""
    gateway, generation = profile.gateway, route.metadata.generation or 0
    place = (gateway.namespace, gateway.name) if gateway is not None else None
    spoken = (each for each in route.status.parents if (each.parent_ref.namespace, each.parent_ref.name) == place)
    return [each for parent in spoken for each in parent.conditions if each.observed_generation in (0, generation)]


def _awaited(exposed: Exposed, profile: ExposureProfile, carrier: objects.Watched) -> _Found:
    kind, name = profile.carrier.kind.kind, carrier.metadata.name
    if not _is_overdue(exposed, carrier):
        message = f"Waiting for {profile.operator} to take up the {kind} {name}."
        return _Found(ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS, message)
    served = f" and serves the class {profile.class_name}" if profile.class_name else ""
    message = (
        f"{_subject(profile)} has said nothing of the {kind} {name} for two minutes. "
        f"The cluster's administrator should check that it is installed{served}."
    )
    return _Found(ExposureState.FAILED, ExposureReason.NOT_TAKEN_UP, message)


def _uncertified(exposed: Exposed, profile: ExposureProfile, ingress: objects.Exposing) -> _Found | None:
    """Why there is no certificate for the address, or none is known of; None where there is one."""
    reason = ExposureReason.CERTIFICATE_PENDING
    if Kind.CERTIFICATE in exposed.denied:
        return _unreadable("The way to the app is open; whether there is a certificate for it", Kind.CERTIFICATE)
    if exposed.certificates is None:
        message = (
            "The way to the app is open; whether there is a certificate for it is not known, as it is to come from "
            "cert-manager, which the cluster does not serve. The cluster's administrator can install it, or set no "
            f"{profile.setting}_ISSUER where the certificate comes from elsewhere."
        )
        return _Found(ExposureState.UNKNOWN, ExposureReason.UNREADABLE, message)
    name = profile.certificate_name(exposed.spec.name)
    certificate = next((each for each in exposed.certificates if each.metadata.name == name), None)
    conditions = certificate.status.conditions if certificate is not None else ()
    ready = next((each for each in conditions if each.type == "Ready"), None)
    if ready is not None and ready.status == "True":
        return None
    is_failing = any(each.type == "Issuing" and each.reason == "Failed" for each in conditions)
    state = ExposureState.FAILED if is_failing or _is_overdue(exposed, ingress) else ExposureState.PENDING
    said = f" cert-manager says: {ready.message.rstrip('.')}." if ready is not None and ready.message else ""
    return _Found(state, reason, f"There is no certificate for the address yet.{said}")


def _unreadable(what: str, kind: Kind) -> _Found:
    group, _, _ = kind.api_version.rpartition("/")
    message = (
        f"{what} is not known: Moorage may not read {kind.plural} in this namespace. The cluster's administrator can "
        f'let it get, list and watch {kind.plural}{f" of {group}" if group else ""}: see "Rights in the cluster" in '
        "the README."
    )
    return _Found(ExposureState.UNKNOWN, ExposureReason.UNREADABLE, message)


def _is_overdue(exposed: Exposed, carrier: objects.Watched) -> bool:
    return exposed.now - carrier.metadata.creation_timestamp > PATIENCE


def _subject(profile: ExposureProfile) -> str:
    return profile.operator[:1].upper() + profile.operator[1:]


def _answers(spec: WorkloadSpec, pods: Sequence[objects.Pod]) -> bool | None:
    """Whether the app's port answers, as the readiness checks of its pods see it."""
    if spec.port is None:
        return None
    if not any(is_ready(pod) for pod in pods):
        return False
    asks_port = spec.readiness is None or not spec.readiness.command
    return True if asks_port else None


def _address(spec: WorkloadSpec, profile: ExposureProfile, host: str) -> str:
    return host if profile.carrier.ends_tls else f"{host}:{spec.port}"


def _url(spec: WorkloadSpec, profile: ExposureProfile, host: str) -> str | None:
    """What a browser opens; a stateful service that is reached as it is may speak anything."""
    if profile.carrier.ends_tls:
        return f"https://{host}"
    if spec.kind is not WorkloadKind.WEB_SERVICE:
        return None
    return f"http://{host}" if spec.port == _HTTP else f"http://{host}:{spec.port}"
