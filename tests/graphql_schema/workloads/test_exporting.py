"""An app as files, as clients ask for it."""

from __future__ import annotations

from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned

EXPORT = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") {
    manifests: export { path content }
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
    assert "adas-secret" not in workload["manifests"][0]["content"]
    assert {"kustomization.yaml", "service.yaml", "poddisruptionbudget.yaml", "deployment.yaml", "secrets.env"} == {
        file["path"] for file in workload["kustomize"]
    }
