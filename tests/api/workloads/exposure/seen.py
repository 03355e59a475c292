"""What exposes an app, as operators leave it, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from api.clusters import objects
from api.manifests.exposures.profiles import ExposureProfile
from api.manifests.models import WorkloadSpec
from api.workloads.exposure import PATIENCE, Exposed, exposure_of
from api.workloads.models import Exposure, ExposureReason, ExposureState
from tests.api.manifests.exposures.profiles import PROFILES
from tests.api.manifests.specs import WEB
from tests.api.workloads.wire import CREATED, Json, metadata, ready_pod

TAILSCALE = PROFILES["tailscale"]
DEVICE = "web-shop-abc234.tail1234.ts.net"
HOST = "web-shop-abc234.apps.example"
SOON = timedelta(seconds=5)
LATE = PATIENCE + timedelta(seconds=1)
READY_POD = ready_pod("web-1-a")


def exposing(
    struct: type[objects.Watched], name: str = "web-private", *, given: str | None = None, **more: Any
) -> objects.Watched:
    """The object that exposes the app, with the hostname that it was `given`."""
    conditions = more.pop("conditions", [])
    balancer: Json = {"ingress": [{"hostname": given}]} if given else {}
    status = {"loadBalancer": balancer, "conditions": conditions}
    return msgspec.convert({"metadata": metadata(name, **more), "status": status}, struct, strict=False)


def route(*conditions: Json, of: str = "web", generation: int = 0) -> objects.Watched:
    """As it was edited so many times, with what the Gateway `of` says of it as it was at first."""
    parent = {"parentRef": {"namespace": "edge", "name": of}, "conditions": list(conditions)}
    meta = {**metadata("web-public"), "generation": generation}
    document = {"metadata": meta, "status": {"parents": [parent] if conditions else []}}
    return msgspec.convert(document, objects.HTTPRoute, strict=False)


def certificate(*conditions: Json) -> objects.Certificate:
    document = {"metadata": metadata("web-public-tls"), "status": {"conditions": list(conditions)}}
    return msgspec.convert(document, objects.Certificate, strict=False)


def seen(
    *carriers: objects.Watched,
    profile: ExposureProfile | None = TAILSCALE,
    spec: WorkloadSpec = WEB,
    after: timedelta = SOON,
    pods: Sequence[objects.Pod] = (READY_POD,),
    **more: Any,
) -> Exposure:
    """The exposure of an app in the profile's mode, so long after its objects were made."""
    known = {"refusal": None, "certificates": None, "applying": False, **more}
    mode = profile.mode if profile is not None else spec.exposure
    return exposure_of(
        Exposed(
            spec=replace(spec, exposure=mode),
            slug="shop-abc234",
            profile=profile,
            carriers=carriers,
            pods=pods,
            now=CREATED + after,
            **known,
        )
    )


def told(exposure: Exposure) -> tuple[ExposureState, ExposureReason | None]:
    return exposure.state, exposure.reason
