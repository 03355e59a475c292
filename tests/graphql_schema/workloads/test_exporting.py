"""An app as files, as clients ask for it."""

from __future__ import annotations

import pytest

from api.manifests.exposures.presets import exposures_of
from api.manifests.exposures.profiles import Exposures
from tests.api.manifests.exposures.profiles import INGRESS
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.workloads.test_exposure import plan
from tests.graphql_schema.world import DEPLOY, namespaced, planned

EXPORT = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") {
    manifests: export { path content notes }
    kustomize: export(format: KUSTOMIZE) { path }
  }
}
"""


async def test_an_app_is_exported_as_manifests_and_as_a_base(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await graph.data(DEPLOY, ada, plan=await planned(graph, ada, slug, "web"))

    workload = (await graph.data(EXPORT, ada, slug=slug))["workload"]

    assert ["web.yaml"] == [file["path"] for file in workload["manifests"]]
    assert [] == workload["manifests"][0]["notes"]
    assert "adas-secret" not in workload["manifests"][0]["content"]
    assert {"kustomization.yaml", "service.yaml", "poddisruptionbudget.yaml", "deployment.yaml", "secrets.env"} == {
        file["path"] for file in workload["kustomize"]
    }


class TestExposed:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return exposures_of(INGRESS, is_demo=False)

    async def test_an_app_leaves_with_what_exposes_it_and_with_a_note_of_what_that_needs(self, graph: Graph) -> None:
        ada = await graph.sign_up("ada")
        slug = await namespaced(graph, ada, "team")
        plan_id = (await plan(graph, ada, slug, exposure="PUBLIC"))["plan"]["id"]
        await graph.data(DEPLOY, ada, plan=plan_id)

        (file,) = (await graph.data(EXPORT, ada, slug=slug))["workload"]["manifests"]

        assert f"host: web-{slug}.apps.example" in file["content"]
        assert "the class nginx of the ingress controller" in file["notes"][0]
