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
                "why": "What is mounted is not in what was pasted. Add a file by hand, or make it a stateful service "
                "with a volume.",
            }
        ],
    } == payload["workload"]
    assert [] == payload["errors"]


async def test_a_text_that_is_none_of_these_is_refused_with_the_way_out(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    payload = (await graph.data(PASTE, ada, text="hello"))["pastedWorkload"]

    assert payload["workload"] is None
    assert ("InvalidInputError", ["text"]) == (payload["errors"][0]["__typename"], payload["errors"][0]["path"])
    assert payload["errors"][0]["example"].startswith("docker run")


async def test_it_is_for_those_who_are_signed_in(graph: Graph) -> None:
    assert ["UNAUTHENTICATED"] == await graph.codes(PASTE, None, text=LINE)
