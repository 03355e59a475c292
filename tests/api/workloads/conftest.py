"""A namespace of Ada's, and an app in it."""

from __future__ import annotations

import pytest

from api.authorization.models import Principal
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.api.workloads.apps import Apps


@pytest.fixture
async def shop(namespaces: NamespaceService, ada: Principal) -> Namespace:
    return await namespaces.create(ada, "shop")


@pytest.fixture
def apps(workloads: WorkloadService, ada: Principal, shop: Namespace) -> Apps:
    """What Ada does in her namespace."""
    return Apps(workloads, ada, shop)
