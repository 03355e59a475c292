"""What cannot be read of the path to an app is told as not known, and not as it was last seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.manifests.exposures.profiles import NOT_EXPOSED
from api.manifests.models import ExposureMode
from api.workloads.models import ExposureReason, ExposureState
from api.workloads.offers import ExposureOffers
from api.workloads.prerequisites import Prerequisites
from tests.api.manifests.exposures.profiles import PROFILES, PUBLIC
from tests.api.proxy import FaultyProxy
from tests.api.servers import kubeconfig_of
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


async def test_a_kind_that_the_cluster_was_never_asked_for_is_not_said_to_be_absent(
    proxy: FaultyProxy, tmp_path: Path
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump(kubeconfig_of(proxy.url, "token")))
    exposures = replace(NOT_EXPOSED, public=PROFILES["gateway"])
    await proxy.refuse_connections()

    async with Cluster.open(Kubeconfig(kubeconfig)) as cluster:
        offers = ExposureOffers(exposures, cluster, Prerequisites(exposures, cluster))

        assert (False, None) == (cluster.reachable, offers.refusal(ExposureMode.PUBLIC))
