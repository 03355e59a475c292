"""What a developer has of an app elsewhere, as clients ask for it."""

from __future__ import annotations

from tests.graphql_schema.conftest import Graph

PASTE = """
query ($text: String!) {
  pastedWorkload(text: $text) {
    workload {
      source name image port size
      environment { name value } secrets { name value } command arguments
      readiness { path command }
      leftOut { what why }
    }
    errors { __typename message path ... on InvalidInputError { example } }
  }
}
"""
LINE = "docker run -p 80:8080 -e A=b -e TOKEN=c -m 400m --health-cmd check -v /a:/b ghcr.io/ada/engine:1 --fast"


async def test_a_line_fills_the_form(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    payload = (await graph.data(PASTE, ada, text=LINE))["pastedWorkload"]

    assert {
        "source": "DOCKER_RUN",
        "name": None,
        "image": "ghcr.io/ada/engine:1",
        "port": 8080,
        "size": "M",
        "environment": [{"name": "A", "value": "b"}],
        "secrets": [{"name": "TOKEN", "value": "c"}],
        "command": [],
        "arguments": ["--fast"],
        "readiness": {"path": None, "command": ["sh", "-c", "check"]},
        "leftOut": [
            {
                "what": "--volume /a:/b",
                "why": "It is a file or folder of one machine, which the cluster does not have. Add files by hand, or "
                "give the app a volume.",
            }
        ],
    } == payload["workload"]
    assert [] == payload["errors"]


async def test_a_named_volume_makes_a_stateful_service_and_says_so(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    query = """query ($text: String!) { pastedWorkload(text: $text) { workload {
      kind volumes { name path sizeGib } notes { what message } } } }"""

    workload = (await graph.data(query, ada, text="docker run -v data:/data x"))["pastedWorkload"]["workload"]

    assert "STATEFUL_SERVICE" == workload["kind"]
    assert [{"name": "data", "path": "/data", "sizeGib": 1}] == workload["volumes"]
    assert ["kind", "--volume data:/data"] == [each["what"] for each in workload["notes"]]
    assert "1 GiB" in workload["notes"][1]["message"]


async def test_a_text_that_is_none_of_these_is_refused_with_the_way_out(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    payload = (await graph.data(PASTE, ada, text="hello"))["pastedWorkload"]

    assert payload["workload"] is None
    assert ("InvalidInputError", ["text"]) == (payload["errors"][0]["__typename"], payload["errors"][0]["path"])
    assert payload["errors"][0]["example"].startswith("docker run")


async def test_it_is_for_those_who_are_signed_in(graph: Graph) -> None:
    assert ["UNAUTHENTICATED"] == await graph.codes(PASTE, None, text=LINE)
