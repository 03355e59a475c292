"""What exposes an app, as it leaves in an export: what of it is this installation's own, and who else is let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.clusters.objects import Kind
from api.manifests.exposures.objects import planned_host, policy_name
from api.manifests.exposures.profiles import Carrier, ExposureProfile
from api.manifests.models import ExposureMode, WorkloadSpec
from api.manifests.namespace import from_own_namespace

Object = dict[str, Any]


def notes_of(spec: WorkloadSpec, exposure: ExposureProfile | str | None, slug: str) -> tuple[str, ...]:
    """What has to be known of an exposed app's export before it is applied, each a text with its way out.

    `exposure` is the profile that it was built with, or why this installation has none. None for an app that is not
    exposed.
    """
    if spec.exposure is ExposureMode.NONE:
        return ()
    if isinstance(exposure, ExposureProfile):
        return tuple(_notes(spec, exposure, slug))
    why = f" {exposure}" if exposure else ""
    note = (
        f"Nothing here exposes the app, though its exposure is {spec.exposure.name}.{why} Add a Service of type "
        f"LoadBalancer, an Ingress or an HTTPRoute for the Service {spec.name} by hand."
    )
    return (note,)


def _notes(spec: WorkloadSpec, profile: ExposureProfile, slug: str) -> Iterator[str]:
    carrier = f"The {profile.carrier.kind.kind} {profile.object_name(spec.name)}"
    yield f"{carrier} exposes the app by what this installation has: {', '.join(_parts(spec, profile, slug))}. " + (
        "This installation is a demo, where nothing serves it: put what your cluster has in its place."
        if profile.is_demo
        else "On another cluster put what is there in its place, or leave it and the NetworkPolicy out."
    )
    yield (
        f"Moorage gives the app its address too, in the namespace {slug}. Where both are exposed at once, write "
        f"another name for the address here; in another namespace, write that one wherever {slug} stands."
    )
    if profile.carrier is Carrier.HTTP_ROUTE:
        yield (
            f"{carrier} needs the CRDs of the Gateway API in the cluster, and a Gateway that takes routes of the "
            "namespace. Leave it out where there is none."
        )
    labels = "; ".join(
        ", ".join(f"{key}={value}" for key, value in each.namespaces.items()) for each in profile.sources
    )
    yield (
        f"The NetworkPolicy {policy_name(spec.name)} lets in the pods of the app's own namespace, and what carries the "
        f"exposure from namespaces with the label {labels}. Where that runs in another one, write its label there."
    )


def _parts(spec: WorkloadSpec, profile: ExposureProfile, slug: str) -> Iterator[str]:
    """What of the object another cluster may not have."""
    if profile.gateway is not None:
        yield f"the Gateway {profile.gateway.namespace}/{profile.gateway.name}"
    elif profile.class_name:
        yield f"the class {profile.class_name} of {profile.operator}"
    else:
        yield f"{profile.operator}"
    if profile.issuer is not None:
        yield f"cert-manager's ClusterIssuer {profile.issuer}"
    if (host := planned_host(spec, profile, slug)) is not None:
        yield f"the host {host}"


def let_in(manifest: Object, app: str) -> Object:
    """An object of an export. The NetworkPolicy of an exposed app says too what a policy of Moorage's namespaces does:
    alone, it would keep the other apps of its namespace out.
    https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
    """
    if Kind.of(manifest) is not Kind.NETWORK_POLICY or manifest["metadata"]["name"] != policy_name(app):
        return manifest
    rules = [from_own_namespace(), *manifest["spec"]["ingress"]]
    return {**manifest, "spec": {**manifest["spec"], "ingress": rules}}
