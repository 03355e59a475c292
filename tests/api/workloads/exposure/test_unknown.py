"""What cannot be read of the path to an app is told as not known, and not as it was last seen."""

from __future__ import annotations

from dataclasses import replace

from api.workloads.models import ExposureReason, ExposureState
from tests.api.manifests.exposures.profiles import PUBLIC
from tests.api.proxy import FaultyProxy
from tests.api.workloads.apps import Apps
from tests.api.workloads.exposure.operators import Operator, is_in, reach


async def test_a_path_is_unknown_for_as_long_as_the_cluster_cannot_be_asked(
    apps: Apps, operator: Operator, proxy: FaultyProxy
) -> None:
    await apps.deploy(replace(PUBLIC, replicas=0))
    await operator.assign("lb.example")
    before = await reach(apps, is_in(ExposureState.READY))

    await proxy.refuse_connections()
    meanwhile = await reach(apps, is_in(ExposureState.UNKNOWN))
    await proxy.accept_connections()
    after = await reach(apps, is_in(ExposureState.READY))

    assert ExposureReason.UNREACHABLE is meanwhile.reason
    assert (before.url, before.url) == (meanwhile.url, after.url)
